vcn "lab" {}

oke_cluster "k8s" {
  vcn                = vcn.lba
  kubernetes_version = "v1.35.2"
}
