oke_cluster "stage" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 1
    memory_in_gbs = 6
  }
}

vcn "lab" {
  cidr_block = "10.0.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  display_name       = "lab-k8s"

  node_pool "extra" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
