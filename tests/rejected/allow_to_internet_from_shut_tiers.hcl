vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "one" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "management"
  }

  node_pool "two" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "secure"
  }
}

allow "smtp" {
  from = k8s.worker
  to   = internet
  tcp  = [587]
}
