vcn "a-b" {}

oke_cluster "a_b" {
  kubernetes_version = "v1.35.2"
}
