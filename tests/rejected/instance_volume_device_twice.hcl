vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16

  volume "data" {
    size_in_gbs = 100
    device      = "/dev/oracleoci/oraclevdb"
  }

  volume "logs" {
    size_in_gbs = 100
    device      = "/dev/oracleoci/oraclevdb"
  }
}
