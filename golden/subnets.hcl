# Clusters whose VNICs are not all where the reference has them: an endpoint in
# the management tier, one pool of nodes and pods in the secure tier, one of
# nodes in the management tier with pods in the private one.

vcn "lab" {
  cidr_block = "10.50.0.0/16"
}

oke_cluster "apart" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  endpoint           = "private"
  endpoint_subnet    = "management"
  load_balancers     = "both"
  workloads          = ["file_storage"]

  node_pool "general" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }

  node_pool "data" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 2
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "secure"
    pod_subnet    = "secure"
  }

  node_pool "ops" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "management"
  }
}

allow "agent" {
  from        = apart.worker
  to          = lab.secure
  tcp         = [9000]
  description = "Agents on the nodes report to a server in the secure subnet"
}

vcn "vault" {
  cidr_block = "10.60.0.0/18"
}

# Strict, with an overlay, and without a node in the private subnet.
oke_cluster "closed" {
  vcn                = vcn.vault
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
  cni                = "flannel"
  endpoint           = "private"
  endpoint_subnet    = "secure"
  load_balancers     = "internal"

  node_pool "only" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
    subnet        = "secure"
  }
}
