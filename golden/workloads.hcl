# A strict cluster with room for workloads that need more than a cluster does.

vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
  load_balancers     = "both"
  workloads          = ["file_storage", "native_ingress", "webhooks", "dns01", "client_ip_preservation"]

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
