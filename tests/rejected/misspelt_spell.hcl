vcn "lab" {}

oke_clutser "k8s" {
  kubernetes_version = "v1.35.2"
}
