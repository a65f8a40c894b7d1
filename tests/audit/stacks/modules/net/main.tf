terraform {
  required_providers {
    oci = {
      source = "oracle/oci"
    }
  }
}

variable "compartment" {}
variable "cidr" {}

resource "oci_core_vcn" "this" {
  compartment_id = var.compartment
  cidr_blocks    = [var.cidr]
}

resource "oci_core_internet_gateway" "this" {
  count          = 1
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_nat_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_route_table" "this" {
  for_each       = toset(["private", "public"])
  compartment_id = var.compartment
  vcn_id         = one([oci_core_vcn.this.id])

  # Which of the two is nowhere in a plan.
  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = each.key == "public" ? oci_core_internet_gateway.this[0].id : oci_core_nat_gateway.this.id
  }
}

resource "oci_core_subnet" "this" {
  for_each                   = toset(["private", "public"])
  compartment_id             = var.compartment
  vcn_id                     = oci_core_vcn.this.id
  cidr_block                 = cidrsubnet(var.cidr, 8, each.key == "public" ? 1 : 2)
  route_table_id             = oci_core_route_table.this[each.key].id
  prohibit_public_ip_on_vnic = each.key == "private"
}

output "vcn_id" {
  value = oci_core_vcn.this.id
}

output "subnet_ids" {
  value = { for key, subnet in oci_core_subnet.this : key => subnet.id }
}
