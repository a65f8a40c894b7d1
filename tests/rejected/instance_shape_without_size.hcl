vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
}
