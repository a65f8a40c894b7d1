vcn "lab" {
  cidr_block = "10.0.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    node_count    = { min = 2, max = 5, initial = 3 }
    shape         = "VM.Standard.A1.Flex"
    ocpus         = 2
    memory_in_gbs = 12
  }
}
