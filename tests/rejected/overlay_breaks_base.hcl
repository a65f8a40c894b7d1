vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.20.0.0/16"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}
