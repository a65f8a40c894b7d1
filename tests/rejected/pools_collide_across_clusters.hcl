vcn "lab" {}

oke_cluster "a" {
  kubernetes_version = "v1.35.2"

  node_pool "b_c" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}

oke_cluster "a_b" {
  kubernetes_version = "v1.35.2"

  node_pool "c" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
