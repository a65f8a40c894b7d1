vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
}
