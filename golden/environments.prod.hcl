# What is other in production than in environments.hcl.
vcn "shop" {
  cidr_block = "10.20.0.0/16"
}

oke_cluster "shop-k8s" {
  display_name      = "shop-prod"
  api_allowed_cidrs = ["203.0.113.0/24"]

  node_pool "default" {
    node_count    = 6
    ocpus         = 8
    memory_in_gbs = 64
  }

  node_pool "batch" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 2
    ocpus         = 4
    memory_in_gbs = 24
  }
}
