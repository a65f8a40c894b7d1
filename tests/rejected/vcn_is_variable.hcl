vcn "lab" {}

oke_cluster "k8s" {
  vcn                = var.vcn_id
  kubernetes_version = "v1.35.2"
}
