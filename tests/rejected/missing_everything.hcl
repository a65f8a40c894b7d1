vcn "lab" {}

oke_cluster "k8s" {
  node_pool "default" {}
}
