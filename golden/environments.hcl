# One spec for several environments: each has a file of what is other in it.
vcn "shop" {
  cidr_block = "10.10.0.0/20"
}

oke_cluster "shop-k8s" {
  kubernetes_version = "v1.35.2"
  display_name       = "shop-stage"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.E5.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 16
  }
}
