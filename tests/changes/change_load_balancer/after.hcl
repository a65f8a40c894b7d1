vcn "lab" {}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  size          = 2

  load_balancer {
    certificate_id = var.certificate_id
    backend_port   = 8080
    redirect_http  = true
    bandwidth      = { min = 20, max = 400 }
    health_check   = { path = "/healthz", port = 8081 }
  }
}
