# Instances of every role, with everything that they can have, in a strict network
# without a cluster.
vcn "lab" {
  cidr_block       = "10.20.0.0/18"
  security_profile = "strict"
}

compute_instance "proxy" {
  vcn            = vcn.lab
  role           = "edge"
  shape          = "VM.Standard.A1.Flex"
  ocpus          = 1
  memory_in_gbs  = 6
  public_ip      = true
  instance_count = 2
  ssh_public_key = var.ssh_public_key
}

compute_instance "app" {
  role                 = "application"
  shape                = "VM.Standard.E5.Flex"
  ocpus                = 2
  memory_in_gbs        = 16
  image                = { os_version = "9" }
  instance_count       = 4
  availability_domains = [1, 2]
  fault_domains        = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2"]
  cloud_init           = "#cloud-config\npackages: [podman]\n"
  agent_plugins        = ["Vulnerability Scanning", "Bastion"]
  nsg_ids              = [var.monitoring_nsg_id]
}

compute_instance "redis" {
  role           = "cache"
  tier           = "secure"
  shape          = "VM.Standard.A1.Flex"
  ocpus          = 1
  memory_in_gbs  = 8
  instance_count = 2
}

compute_instance "db" {
  role                  = "database"
  shape                 = "VM.Standard2.4"
  image                 = var.database_image_id
  compartment_id        = var.data_compartment_ocid
  in_transit_encryption = true
  freeform_tags         = { team = "data" }
  defined_tags          = { "Operations.CostCenter" = "42" }

  boot_volume {
    size_in_gbs      = 100
    vpus_per_gb      = 20
    kms_key_id       = var.volume_key_id
    backup_policy_id = var.backup_policy_id
  }

  volume "data" {
    size_in_gbs      = 1024
    vpus_per_gb      = 30
    attachment_type  = "iscsi"
    device           = "/dev/oracleoci/oraclevdb"
    kms_key_id       = var.volume_key_id
    backup_policy_id = var.backup_policy_id
  }

  volume "redo-log" {
    size_in_gbs = 50
  }
}

compute_instance "ops" {
  role           = "management"
  shape          = "BM.Standard.E4.128"
  instance_count = 1

  volume "home" {
    size_in_gbs = 32768
    vpus_per_gb = 0
  }
}
