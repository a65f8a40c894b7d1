vcn "lab" {
  cidr_block = "10.0.0.0/18"

oke_cluster "k8s" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
}
