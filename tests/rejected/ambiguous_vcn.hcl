vcn "lab" {}

vcn "prod" {
  cidr_block = "10.1.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
}
