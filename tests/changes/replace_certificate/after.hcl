vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2

  load_balancer {
    certificate_pem = { certificate = "${var.certificate}${var.chain}", private_key = var.private_key }
    backend_port    = 8080
  }
}
