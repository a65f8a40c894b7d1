vcn "lab" {}

compute_instance "k8s" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
}
