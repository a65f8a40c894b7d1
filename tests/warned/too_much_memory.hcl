vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 3
    ocpus         = 76
    memory_in_gbs = 473
  }
}
