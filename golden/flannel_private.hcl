# Pods in an overlay, and an API endpoint that nothing from the internet reaches.
vcn "net" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  cni                = "flannel"
  endpoint           = "private"
  load_balancers     = "internal"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 2
    ocpus         = 1
    memory_in_gbs = 6
  }
}
