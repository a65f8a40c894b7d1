vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    schedule "day" {
      cron = "0 0 7 ? * MON-FRI *"
      size = 4
    }
  }
}
