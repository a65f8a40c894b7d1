vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16

  volume "redo-log" {
    size_in_gbs = 100
  }

  volume "redo_log" {
    size_in_gbs = 100
  }
}
