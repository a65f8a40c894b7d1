vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 2
  memory_in_gbs = 12
  size          = 2
}
