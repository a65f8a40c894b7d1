vcn "lab" {
  security_profile = "strict"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}

compute_instance "ops" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
