vcn "lab" {}

compute_instance "app" {
  role          = "application"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  public_ip     = true
}
