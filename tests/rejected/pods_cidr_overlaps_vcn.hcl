vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.32.1"
  pods_cidr          = "10.0.0.0/16"
}
