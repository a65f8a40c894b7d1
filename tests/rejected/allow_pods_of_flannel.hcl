vcn "lab" {
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  cni                = "flannel"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

allow "TO DB" {
  from = k8s.pod
  to   = "10.9.0.0/24"
  tcp  = [1521]
}
