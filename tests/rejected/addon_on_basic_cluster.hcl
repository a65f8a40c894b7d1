vcn "lab" {}

oke_cluster "written" {
  kubernetes_version = "v1.35.2"
  type               = "basic"

  addon "CertManager" {}
}

oke_cluster "left-out" {
  kubernetes_version = "v1.35.2"

  addon "CertManager" {}
}
