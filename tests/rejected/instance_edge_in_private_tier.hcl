vcn "lab" {}

compute_instance "proxy" {
  role          = "edge"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  tier          = "private"
}
