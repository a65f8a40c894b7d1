vcn "lab" {
  cidr_block = "10.0.0.0/16"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "a" {
    shape             = "VM.Standard.A1.Flex"
    image             = var.node_image_id
    node_count        = 600
    ocpus             = 2
    memory_in_gbs     = 12
    max_pods_per_node = 1
  }

  node_pool "b" {
    shape             = "VM.Standard.A1.Flex"
    image             = var.node_image_id
    node_count        = 600
    ocpus             = 2
    memory_in_gbs     = 12
    max_pods_per_node = 1
  }
}
