vcn "edge" {
  cidr_block = "10.61.0.0/20"
}

scalable_workload "mqtt" {
  vcn                  = vcn.edge
  tier                 = "private"
  shape                = "VM.Standard.A1.Flex"
  ocpus                = 2
  memory_in_gbs        = 12
  image                = { os_version = "9" }
  pin_image            = true
  ssh_public_key       = var.ssh_public_key
  availability_domains = [1, 2]
  fault_domains        = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2"]

  autoscaling {
    initial = 2

    schedule "morning" {
      cron = "0 0 6 ? * MON-FRI *"
      size = 6
    }

    schedule "evening" {
      cron = "0 0 19 ? * MON-FRI *"
      size = 2
    }
  }

  load_balancer {
    type                  = "network"
    port                  = 8883
    backend_port          = 1883
    keep_client_addresses = true
    health_check          = { protocol = "TCP", port = 1884, interval_in_seconds = 15 }
  }
}

scalable_workload "api" {
  vcn                     = vcn.edge
  tier                    = "private"
  shape                   = "VM.Standard.E5.Flex"
  ocpus                   = 1
  memory_in_gbs           = 8
  image                   = var.image_id
  in_transit_encryption   = false
  cloud_init              = "#!/bin/bash\ndnf install -y ${var.package}\n"

  autoscaling {
    min      = 1
    max      = 5
    initial  = 3
    cooldown = 600
    step     = 2
    memory   = { above = 80, below = 40 }
  }

  boot_volume {
    size_in_gbs = 100
    vpus_per_gb = 20
    kms_key_id  = var.kms_key_id
  }

  load_balancer {
    access          = "internal"
    protocol        = "HTTPS"
    port            = 8443
    backend_port    = 8080
    certificate_pem = { certificate = var.certificate, private_key = var.private_key, ca_certificates = var.chain }
  }
}
