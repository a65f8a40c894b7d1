vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  endpoint           = "private"
  endpoint_subnet    = "public"
}

oke_cluster "other" {
  kubernetes_version = "v1.35.2"
  endpoint           = "private"
  endpoint_subnet    = "managment"
}
