vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "1.35.2"
}
