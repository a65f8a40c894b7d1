# Virtual nodes: Oracle runs them, and a cluster has their pods.
vcn "net" {
  cidr_block = "10.60.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
  security_profile   = "strict"
  load_balancers     = "both"

  virtual_node_pool "general" {
    shape      = "Pod.Standard.E4.Flex"
    node_count = 3
  }

  virtual_node_pool "arm" {
    shape                = "Pod.Standard.A1.Flex"
    node_count           = 1
    availability_domains = [1, 2]
    fault_domains        = ["FAULT-DOMAIN-2"]
    initial_node_labels  = { workload = "arm" }
    taints               = ["arch=arm64:NoSchedule"]
    nsg_ids              = [var.backup_nsg_id]
  }
}
