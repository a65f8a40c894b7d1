vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    initial = 2

    schedule "day" {
      cron = "0 7 * * 1-5"
      size = 4
    }

    schedule "night" {
      cron = "30 0 19 ? * MON-FRI *"
      size = 2
    }

    schedule "weekend" {
      cron = "0 0 7 * * SAT *"
      size = 1
    }
  }
}
