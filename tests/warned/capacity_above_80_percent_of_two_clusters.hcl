vcn "lab" {
  cidr_block = "10.0.0.0/21"
}

oke_cluster "one" {
  kubernetes_version = "v1.35.2"

  node_pool "a" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 20
    ocpus         = 2
    memory_in_gbs = 12
  }
}

oke_cluster "two" {
  kubernetes_version = "v1.35.2"

  node_pool "a" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 8
    ocpus         = 2
    memory_in_gbs = 12
  }
}
