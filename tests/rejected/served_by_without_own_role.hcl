vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2
  served_by     = [{ from = compute_instance.ops, tcp = [22] }]

  load_balancer {
    protocol     = "HTTP"
    backend_port = 8080
  }
}

compute_instance "ops" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
