vcn "lab" {}

oke_cluster "blue" {
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
}

oke_cluster "green" {
  kubernetes_version = "v1.35.2"
}
