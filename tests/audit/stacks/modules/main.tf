# A stack as people write them: a network module called twice, one that makes
# rules, a cluster in the root.
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

module "net" {
  for_each = {
    "a.b" = "10.1.0.0/16"
    c     = "10.2.0.0/16"
  }
  source      = "./net"
  compartment = var.compartment
  cidr        = each.value
}

# Through two modules, and an output that passes an input on.
module "rules" {
  source      = "./rules"
  compartment = var.compartment
  vcn_id      = module.net["c"].vcn_id
  clients     = { office = "203.0.113.0/24", home = "198.51.100.7/32" }
}

resource "oci_containerengine_cluster" "this" {
  count              = 1
  compartment_id     = var.compartment
  vcn_id             = module.net["c"].vcn_id
  name               = "foreign"
  kubernetes_version = "v1.35.2"

  cluster_pod_network_options {
    cni_type = "FLANNEL_OVERLAY"
  }

  endpoint_config {
    subnet_id            = module.net["c"].subnet_ids["public"]
    is_public_ip_enabled = true
    nsg_ids              = [module.rules.nsg_id]
  }

  options {
    service_lb_subnet_ids = [module.net["c"].subnet_ids.public]
  }
}

resource "oci_containerengine_node_pool" "this" {
  for_each           = toset(["blue", "green"])
  compartment_id     = var.compartment
  cluster_id         = oci_containerengine_cluster.this[0].id
  name               = each.key
  kubernetes_version = "v1.35.2"
  node_shape         = "VM.Standard.E4.Flex"

  node_config_details {
    size    = 1
    nsg_ids = [module.rules.nsg_id]

    placement_configs {
      availability_domain = "one"
      subnet_id           = module.net["c"].subnet_ids["private"]
    }

    placement_configs {
      availability_domain = "two"
      subnet_id           = module.net["c"].subnet_ids["private"]
    }
  }
}
