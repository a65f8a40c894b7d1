# Pools that differ in where their nodes are, on what capacity, and in what
# guards them.
vcn "net" {
  cidr_block = "10.40.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"

  node_pool "general" {
    shape                             = "VM.Standard.E5.Flex"
    node_count                        = 3
    ocpus                             = 2
    memory_in_gbs                     = 16
    kms_key_id                        = var.kms_key_id
    in_transit_encryption             = true
    eviction_grace_duration           = "PT30M"
    force_delete_after_grace_duration = true
    nsg_ids                           = [var.backup_nsg_id]
  }

  node_pool "spot" {
    shape                 = "VM.Standard.E5.Flex"
    node_count            = { min = 0, max = 6 }
    ocpus                 = 4
    memory_in_gbs         = 32
    availability_domains  = [1, 2]
    fault_domains         = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-3"]
    preemptible           = { preserve_boot_volume = true }
    taints                = ["oci.oraclecloud.com/oke-is-preemptible=true:NoSchedule", "batch:NoExecute"]
    node_metadata         = { oke-kubeproxy-proxy-mode = "ipvs", owner = "team ${var.team}" }
    legacy_imds_endpoints = true
  }

  node_pool "reserved" {
    shape                   = "VM.Standard.E5.Flex"
    node_count              = 1
    ocpus                   = 4
    memory_in_gbs           = 32
    availability_domains    = [3]
    capacity_reservation_id = var.capacity_reservation_id
    taints                  = ["dedicated=batch:PreferNoSchedule"]
    cloud_init              = "#!/bin/bash\necho ready\n"
  }
}
