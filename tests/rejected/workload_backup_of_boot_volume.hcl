vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2

  boot_volume {
    size_in_gbs      = 49
    backup_policy_id = var.policy_id
  }
}
