vcn "lab" {}

oke_cluster "k8s" {
  vcn                = vcn.lab.id
  kubernetes_version = "v1.35.2"
}
