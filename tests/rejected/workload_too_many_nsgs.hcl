vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2
  nsg_ids       = [var.a, var.b, var.c, var.d, var.e]
}
