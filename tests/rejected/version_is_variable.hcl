vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = var.kubernetes_version
}
