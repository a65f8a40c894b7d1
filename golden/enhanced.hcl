# An enhanced cluster with add-ons: one that every cluster has, and others.

vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }

  addon "CoreDNS" {
    configuration = { minReplica = "2", nodesPerReplica = "4" }
  }

  addon "CertManager" {}

  addon "KubernetesMetricsServer" {
    version       = "v0.8.0"
    configuration = { numOfReplicas = var.replicas }
  }
}
