vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "V1.35.2"
}
