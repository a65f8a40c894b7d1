vcn "lab" {
  cidr_block = "10.3.0.0/16"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
}
