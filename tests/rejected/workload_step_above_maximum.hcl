vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    min = 1
    max = 4
    step = 9
    cpu = { above = 70, below = 30 }
  }
}
