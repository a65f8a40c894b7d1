vcn "lab" {
  cidr_block = "10.0.0.0/22"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "nodes" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 130
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "management"
  }

  node_pool "pods" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 9
    ocpus         = 2
    memory_in_gbs = 12
    pod_subnet    = "secure"
  }
}
