vcn "shop" {
  cidr_block = "10.60.0.0/20"
}

scalable_workload "web" {
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  autoscaling {
    min      = 2
    max      = 6
    cooldown = 300
    cpu      = { above = 70, below = 30 }
  }

  load_balancer {
    bandwidth      = { min = 10, max = 400 }
    certificate_id = var.certificate_id
    redirect_http  = true
    backend_port   = 8080
    health_check   = { path = "/healthz" }
  }
}

# Nobody connects to these, and nothing leads from them to the internet.
scalable_workload "batch" {
  tier          = "secure"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 6
  size          = 1
}
