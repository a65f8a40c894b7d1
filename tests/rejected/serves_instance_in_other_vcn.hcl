vcn "lab" {}

vcn "data" {
  cidr_block = "10.8.0.0/18"
}

compute_instance "app" {
  role          = "application"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  vcn           = vcn.lab
  serves        = [{ to = compute_instance.db, tcp = [1521] }]
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  vcn           = vcn.data
}
