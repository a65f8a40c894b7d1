# Where load balancers are, on which ports, and who keeps their rules.

vcn "lab" {}

oke_cluster "both" {
  vcn                 = vcn.lab
  kubernetes_version  = "v1.35.2"
  load_balancers      = "both"
  load_balancer_ports = { tcp = [443, 8443, "9000-9010"], udp = [53] }

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

vcn "corp" {
  cidr_block = "10.40.0.0/16"
}

oke_cluster "inner" {
  vcn                = vcn.corp
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
  endpoint           = "private"
  load_balancers     = "internal"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

vcn "web" {
  cidr_block = "10.50.0.0/16"
}

# The cloud controller keeps the rules, in an NSG that is empty here.
oke_cluster "shop" {
  vcn                 = vcn.web
  kubernetes_version  = "v1.35.2"
  security_profile    = "strict"
  load_balancer_rules = "controller"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}
