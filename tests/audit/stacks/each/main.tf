# The Terraform style where one map makes everything.
terraform {
  required_providers {
    oci = {
      source = "oracle/oci"
    }
  }
}

variable "compartment" {
  default = "ocid1.compartment.oc1..example"
}

variable "subnets" {
  default = {
    web = { cidr = "10.0.0.0/24", table = "out", vcn = "x" }
    db  = { cidr = "10.0.1.0/24", table = "none", vcn = "x" }
  }
}

resource "oci_core_vcn" "this" {
  for_each       = { x = "10.0.0.0/16", y = "10.1.0.0/16" }
  compartment_id = var.compartment
  cidr_blocks    = [each.value]
}

resource "oci_core_default_security_list" "this" {
  for_each                   = oci_core_vcn.this
  manage_default_resource_id = each.value.default_security_list_id
}

resource "oci_core_internet_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this["x"].id
}

resource "oci_core_route_table" "this" {
  for_each       = toset(["out", "none"])
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this["x"].id
}

resource "oci_core_subnet" "this" {
  for_each       = var.subnets
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this[each.value.vcn].id
  cidr_block     = each.value.cidr
  route_table_id = oci_core_route_table.this[each.value.table].id
}

resource "oci_core_subnet" "default" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this["x"].id
  cidr_block     = "10.0.9.0/24"
}

resource "oci_core_network_security_group" "this" {
  for_each       = oci_core_subnet.this
  compartment_id = var.compartment
  vcn_id         = each.value.vcn_id
}

resource "oci_core_network_security_group_security_rule" "this" {
  for_each                  = oci_core_network_security_group.this
  network_security_group_id = each.value.id
  direction                 = "INGRESS"
  protocol                  = "6"
  source                    = oci_core_subnet.this[each.key].cidr_block
  tcp_options {
    destination_port_range {
      min = 443
      max = 443
    }
  }
}

resource "oci_core_instance" "this" {
  for_each            = { one = oci_core_subnet.this["web"].id, two = oci_core_subnet.this["db"].id }
  compartment_id      = var.compartment
  availability_domain = "one"
  shape               = "VM.Standard.E4.Flex"
  create_vnic_details {
    # Which of the two is nowhere in a plan.
    subnet_id = each.value
  }
}
