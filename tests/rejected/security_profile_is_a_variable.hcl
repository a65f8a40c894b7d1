vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.32.1"
  security_profile   = var.profile
}
