vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Standrad.E5.Flex"
    ocpus         = 2
    memory_in_gbs = 12
    node_count    = 3
  }
}
