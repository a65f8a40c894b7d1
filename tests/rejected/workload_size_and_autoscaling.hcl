vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2

  autoscaling {
    min = 2
    max = 6
    cpu = { above = 70, below = 30 }
  }
}
