vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
