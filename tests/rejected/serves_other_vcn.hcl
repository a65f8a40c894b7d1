vcn "lab" {}

vcn "other" {
  cidr_block = "10.8.0.0/18"
}

oke_cluster "web" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.240.0.0/16"
  serves             = [{ to = oke_cluster.data.pod, tcp = [5432] }]
}

oke_cluster "data" {
  vcn                = vcn.other
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.241.0.0/16"
}
