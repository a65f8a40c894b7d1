vcn "lab" {
  cidr_block = "10.0.0.1/18"
  dns_lable  = "lab"
}

oke_cluster "k8s" {
  vcn                = vcn.lba
  kubernetes_version = "1.32"
  services_cidr      = "10.0.0.0/20"

  node_pool "default" {
    shape      = "VM.Standard.A1.Flex"
    node_count = -1
    ocpus      = 2
  }
}

cluster "other" {}
