provider {
  region           = "Frankfurt"
  tenancy_ocid     = "ocid1.user.oc1..a"
  fingerprint      = "zz"
  private_key_path = "-----BEGIN RSA PRIVATE KEY-----"
}
vcn "lab" {}
