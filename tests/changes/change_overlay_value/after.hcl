vcn "lab" {
  cidr_block = "10.0.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  display_name       = "lab-k8s"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
