vcn "lab" {
  security_profile = "strict"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  security_profile   = "reference"
}
