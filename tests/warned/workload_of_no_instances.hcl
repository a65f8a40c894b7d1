vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    min = 0
    max = 4
    cpu = { above = 70, below = 30 }
  }
}
