# Who signs the provider's calls, where no profile says it.
provider {
  tenancy_ocid     = "ocid1.tenancy.oc1..test"
  user_ocid        = "ocid1.user.oc1..test"
  fingerprint      = "00:11:22:33:44:55:66:77:88:99:AA:bb:cc:dd:ee:ff"
  private_key_path = pathexpand("~/.oci/key.pem")
}

vcn "lab" {}
