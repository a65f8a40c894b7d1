vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  endpoint_subnet    = "management"
}

oke_cluster "open" {
  kubernetes_version = "v1.35.2"
  endpoint           = "public"
  endpoint_subnet    = "private"
}
