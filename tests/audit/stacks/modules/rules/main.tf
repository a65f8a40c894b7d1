terraform {
  required_providers {
    oci = {
      source = "oracle/oci"
    }
  }
}

variable "compartment" {}
variable "vcn_id" {}
variable "clients" {
  type = map(string)
}

resource "oci_core_network_security_group" "this" {
  compartment_id = var.compartment
  vcn_id         = var.vcn_id
}

resource "oci_core_network_security_group_security_rule" "clients" {
  for_each                  = var.clients
  network_security_group_id = oci_core_network_security_group.this.id
  direction                 = "INGRESS"
  protocol                  = "6"
  source                    = each.value
  description               = each.key
  tcp_options {
    source_port_range {
      min = 1024
      max = 65535
    }
    destination_port_range {
      min = 6443
      max = 6443
    }
  }
}

resource "oci_core_network_security_group_security_rule" "among" {
  network_security_group_id = oci_core_network_security_group.this.id
  direction                 = "EGRESS"
  protocol                  = "17"
  destination               = oci_core_network_security_group.this.id
  destination_type          = "NETWORK_SECURITY_GROUP"
  stateless                 = true
}

output "nsg_id" {
  value = oci_core_network_security_group.this.id
}
