vcn "lab" {
  cidr_block = "10.0.0.0/16"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  cni                = "flannel"
  pods_cidr          = "10.100.0.0/20"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 64
    ocpus         = 2
    memory_in_gbs = 12
  }
}
