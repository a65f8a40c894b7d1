# Everything that a plan does not say, and VNICs of many kinds.
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

variable "public" {
  default = true
}

locals {
  vcn  = oci_core_vcn.this
  nsgs = [oci_core_network_security_group.app.id, oci_core_network_security_group.db.id]
}

resource "oci_core_vcn" "this" {
  compartment_id = var.compartment
  cidr_block     = "10.0.0.0/16"
}

resource "oci_core_drg" "this" {
  compartment_id = var.compartment
}

resource "oci_core_internet_gateway" "this" {
  compartment_id = var.compartment
  vcn_id         = local.vcn.id # the only VCN that has no id yet
  enabled        = false
}

resource "oci_core_route_table" "this" {
  count          = 2
  compartment_id = var.compartment
  vcn_id         = local.vcn.id

  route_rules {
    destination       = "0.0.0.0/0"
    network_entity_id = oci_core_internet_gateway.this.id
  }
  route_rules {
    destination       = "192.168.0.0/16"
    network_entity_id = oci_core_drg.this.id
  }
}

resource "oci_core_security_list" "extra" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
  ingress_security_rules {
    protocol = "17"
    source   = "0.0.0.0/0"
    udp_options {
      min = 500
      max = 500
    }
  }
  ingress_security_rules {
    protocol = "1"
    source   = "10.0.0.0/8"
    icmp_options {
      type = 8
    }
  }
  ingress_security_rules {
    protocol = "58"
    source   = "::/0"
  }
  dynamic "egress_security_rules" {
    for_each = ["10.0.0.0/16", "10.9.0.0/16"]
    content {
      protocol    = "all"
      destination = egress_security_rules.value
    }
  }
}

resource "oci_core_network_security_group" "app" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_network_security_group" "db" {
  compartment_id = var.compartment
  vcn_id         = oci_core_vcn.this.id
}

resource "oci_core_subnet" "both" {
  compartment_id    = var.compartment
  vcn_id            = oci_core_vcn.this.id
  cidr_block        = "10.0.1.0/24"
  security_list_ids = [oci_core_vcn.this.default_security_list_id, oci_core_security_list.extra.id]
}

resource "oci_core_subnet" "conditional" {
  count          = 2
  compartment_id = var.compartment
  vcn_id         = oci_core_subnet.both.vcn_id
  cidr_block     = "10.0.${count.index + 2}.0/24"
  route_table_id = var.public ? oci_core_route_table.this[0].id : oci_core_route_table.this[1].id
}

resource "oci_core_instance" "web" {
  count               = 2
  compartment_id      = var.compartment
  availability_domain = "one"
  shape               = "VM.Standard.E4.Flex"
  create_vnic_details {
    subnet_id  = oci_core_subnet.conditional[count.index].id
    nsg_ids    = [oci_core_network_security_group.app.id]
    private_ip = "10.0.${count.index + 2}.10"
  }
}

resource "oci_core_instance" "hidden" {
  compartment_id      = var.compartment
  availability_domain = "one"
  shape               = "VM.Standard.E4.Flex"
  create_vnic_details {
    subnet_id        = oci_core_subnet.both.id
    nsg_ids          = local.nsgs
    assign_public_ip = false
  }
}

resource "oci_load_balancer_load_balancer" "this" {
  compartment_id             = var.compartment
  display_name               = "lb"
  shape                      = "flexible"
  subnet_ids                 = oci_core_subnet.conditional[*].id
  network_security_group_ids = [oci_core_network_security_group.app.id, oci_core_network_security_group.db.id]
}

resource "oci_bastion_bastion" "this" {
  compartment_id   = var.compartment
  bastion_type     = "STANDARD"
  target_subnet_id = oci_core_subnet.both.id
}
