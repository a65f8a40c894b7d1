vcn "lab" {}

oke_cluster "web" {
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.240.0.0/16"
  serves             = [{ to = oke_cluster.data.pod, tcp = "all" }]
}

oke_cluster "data" {
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.241.0.0/16"
}
