vcn "lab" {}

oke_cluster "lab" {
  kubernetes_version = "v1.35.2"
}
