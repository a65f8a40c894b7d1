vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "BM.Standard.E4.128"
    node_count    = 1
    preemptible   = true
  }
}
