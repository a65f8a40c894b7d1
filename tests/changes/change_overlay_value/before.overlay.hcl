oke_cluster "k8s" {
  display_name = "stage-k8s"

  node_pool "default" {
    node_count = 1
  }
}
