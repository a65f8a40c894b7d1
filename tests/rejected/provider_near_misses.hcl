provider {
  region       = "EU-frankfurt-1"
  tenancy_ocid = "ocid1.tenancy."
  user_ocid    = "ocid1.user.oc1.."
  fingerprint  = "+1:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"
}

vcn "lab" {}
