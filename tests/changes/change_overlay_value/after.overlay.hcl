oke_cluster "k8s" {
  display_name = "prod-k8s"

  node_pool "default" {
    node_count = 6
  }
}
