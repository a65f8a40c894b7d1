vcn "lab" {
  cidr_block = "10.0.0.0/24"
}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    min = 2
    max = 200
    cpu = { above = 70, below = 30 }
  }
}
