vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  ssh_public_key = "-----BEGIN OPENSSH PRIVATE KEY-----"
}
