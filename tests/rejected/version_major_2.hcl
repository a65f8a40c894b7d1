vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v2.0.0"
}
