vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "public"
    pod_subnet    = "public"
  }

  node_pool "other" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "oci_core_subnet.mine.id"
    pod_subnet    = var.pod_subnet
  }
}
