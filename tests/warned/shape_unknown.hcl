vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Quantum9.1"
    node_count    = 3
  }
}
