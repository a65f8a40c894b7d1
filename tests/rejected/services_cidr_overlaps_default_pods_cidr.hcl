vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  services_cidr      = "10.2.0.0/16"
}
