vcn "lab" {}

oke_cluster "k8s" {
  vcn                = "lab"
  kubernetes_version = "v1.35.2"
}
