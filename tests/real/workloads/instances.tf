data "oci_identity_availability_domains" "ads" {
  compartment_id = var.compartment_ocid
}

resource "oci_core_network_security_group" "a" {
  compartment_id = var.compartment_ocid
  vcn_id         = oci_core_vcn.lab.id
}

resource "oci_core_network_security_group" "b" {
  compartment_id = var.compartment_ocid
  vcn_id         = oci_core_vcn.lab.id
}

data "oci_core_images" "ol" {
  compartment_id           = var.compartment_ocid
  operating_system         = "Oracle Linux"
  operating_system_version = "9"
  shape                    = "VM.Standard.E5.Flex"
  sort_by                  = "TIMECREATED"
  sort_order               = "DESC"
  state                    = "AVAILABLE"
}
data "oci_core_volume_backup_policies" "p" {
  filter {
    name   = "display_name"
    values = ["silver"]
  }
}
resource "oci_core_instance" "db" {
  count                               = 2
  availability_domain                 = data.oci_identity_availability_domains.ads.availability_domains[count.index].name
  compartment_id                      = var.compartment_ocid
  display_name                        = "db-${count.index}"
  fault_domain                        = "FAULT-DOMAIN-${count.index + 1}"
  shape                               = "VM.Standard.E5.Flex"
  is_pv_encryption_in_transit_enabled = true
  freeform_tags                       = { a = "b" }
  shape_config {
    ocpus         = 1
    memory_in_gbs = 8
  }
  create_vnic_details {
    subnet_id        = oci_core_subnet.lab_private.id
    assign_public_ip = false
    nsg_ids          = [oci_core_network_security_group.a.id]
    hostname_label   = "db-${count.index}"
    display_name     = "db-${count.index}"
  }
  source_details {
    source_type             = "image"
    source_id               = data.oci_core_images.ol.images[0].id
    boot_volume_size_in_gbs = "60"
    boot_volume_vpus_per_gb = "20"
  }
  instance_options {
    are_legacy_imds_endpoints_disabled = true
  }
  agent_config {
    is_management_disabled = false
    is_monitoring_disabled = false
    plugins_config {
      name          = "Bastion"
      desired_state = "ENABLED"
    }
    plugins_config {
      name          = "Compute Instance Monitoring"
      desired_state = "ENABLED"
    }
  }
  metadata = {
    ssh_authorized_keys = "ssh-ed25519 AAAA x"
    user_data           = base64encode("#!/bin/sh\n")
  }
}
resource "oci_core_volume" "data" {
  count               = 2
  availability_domain = oci_core_instance.db[count.index].availability_domain
  compartment_id      = var.compartment_ocid
  display_name        = "data-${count.index}"
  size_in_gbs         = "100"
  vpus_per_gb         = "10"
}
resource "oci_core_volume_attachment" "data" {
  count                               = 2
  attachment_type                     = "paravirtualized"
  instance_id                         = oci_core_instance.db[count.index].id
  volume_id                           = oci_core_volume.data[count.index].id
  device                              = "/dev/oracleoci/oraclevdb"
  is_pv_encryption_in_transit_enabled = true
  display_name                        = "x"
}
resource "oci_core_volume_backup_policy_assignment" "data" {
  count     = 2
  asset_id  = oci_core_volume.data[count.index].id
  policy_id = data.oci_core_volume_backup_policies.p.volume_backup_policies[0].id
}
resource "oci_core_volume_backup_policy_assignment" "boot" {
  count     = 2
  asset_id  = oci_core_instance.db[count.index].boot_volume_id
  policy_id = data.oci_core_volume_backup_policies.p.volume_backup_policies[0].id
}
resource "oci_core_instance" "min" {
  availability_domain = data.oci_identity_availability_domains.ads.availability_domains[0].name
  compartment_id      = var.compartment_ocid
  shape               = "VM.Standard.A1.Flex"
  shape_config {
    ocpus = 1
  }
  create_vnic_details {
    subnet_id = oci_core_subnet.lab_public.id
  }
  source_details {
    source_type = "image"
    source_id   = "ocid1.image.oc1..mine"
  }
}
resource "oci_core_volume" "iscsi" {
  availability_domain = oci_core_instance.min.availability_domain
  compartment_id      = var.compartment_ocid
}
resource "oci_core_volume_attachment" "iscsi" {
  attachment_type = "iscsi"
  instance_id     = oci_core_instance.min.id
  volume_id       = oci_core_volume.iscsi.id
}
