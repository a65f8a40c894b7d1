# Pods in an overlay: they have no VNICs, and send with their worker's address.
vcn "net" {
  cidr_block = "10.50.0.0/20"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  cni                = "flannel"
  pods_cidr          = "10.244.0.0/16"
  services_cidr      = "10.96.0.0/16"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = { min = 3, max = 500, initial = 3 }
    ocpus         = 1
    memory_in_gbs = 6
  }
}
