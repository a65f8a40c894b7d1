vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  instance_count = 2

  boot_volume {
    size_in_gbs = 100
  }

  volume "data" {
    size_in_gbs = 200
  }
}
