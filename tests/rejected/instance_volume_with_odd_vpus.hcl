vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16

  volume "data" {
    size_in_gbs = 100
    vpus_per_gb = 15
  }
}
