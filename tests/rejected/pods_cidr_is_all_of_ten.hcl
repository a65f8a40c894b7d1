vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.0.0.0/8"
  services_cidr      = "172.16.0.0/16"
}
