vcn "lab" {
  cidr_block = "10.0.0.0/24"
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  instance_count = 100
}
