vcn "lab" {}

oke_cluster "web-1" {
  kubernetes_version = "v1.35.2"
}

compute_instance "web_1" {
  role          = "application"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
