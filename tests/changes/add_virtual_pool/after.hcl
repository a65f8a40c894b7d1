vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"

  virtual_node_pool "default" {
    shape      = "Pod.Standard.E4.Flex"
    node_count = 1
  }
}
