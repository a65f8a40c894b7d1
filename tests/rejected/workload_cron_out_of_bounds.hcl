vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    initial = 2

    schedule "day" {
      cron = "0 99 7 ? * MON-FRI *"
      size = 4
    }

    schedule "night" {
      cron = "0 0 25 ? * MON-FRI *"
      size = 2
    }

    schedule "weekend" {
      cron = "0 0 7 ? * FRI-FOO *"
      size = 1
    }
  }
}
