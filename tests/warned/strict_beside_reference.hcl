vcn "lab" {}

oke_cluster "blue" {
  kubernetes_version = "v1.32.1"
  security_profile   = "strict"
}

oke_cluster "green" {
  kubernetes_version = "v1.32.1"
}
