vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "latest"
}
