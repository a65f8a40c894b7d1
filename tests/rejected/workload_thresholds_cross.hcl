vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    min = 2
    max = 6
    cpu = { above = 30, below = 70 }
  }
}
