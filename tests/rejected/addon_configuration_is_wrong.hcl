vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"

  addon "CertManager" {
    configuration = { numOfReplicas = 2 }
  }

  addon "CoreDNS" {
    configuration = ["minReplica"]
  }

  addon "CertManager" {}
}
