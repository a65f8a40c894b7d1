vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.4.0.0/16"
  services_cidr      = "10.4.0.0/20"
}
