vcn "lab" {}

oke_cluster "k8s" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  services_cidr      = "10.0.16.0/20"
}
