vcn "lab" {}

scalable_workload "grow" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 4
}

scalable_workload "shrink" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 1
}
