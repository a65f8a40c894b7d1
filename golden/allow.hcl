# A strict cluster, and rules of the spec's own: to a database in the data
# centre, from the management subnet, from the internet, and between clusters.

vcn "lab" {}

oke_cluster "k8s" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}

oke_cluster "batch" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  pods_cidr          = "10.246.0.0/16"
  services_cidr      = "10.97.0.0/16"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

allow "TO DB" {
  from        = k8s.pod
  to          = "10.9.0.0/24"
  tcp         = [1521]
  description = "Pods reach the databases of the data centre"
}

allow "ssh" {
  from = lab.management
  to   = k8s.worker
  tcp  = [22]
}

allow "mqtt" {
  from = internet
  to   = k8s.lb
  tcp  = [8883]
}

allow "mqtt-nodes" {
  from        = k8s.lb
  to          = k8s.worker
  tcp         = ["31883-31889"]
  description = "Listener 8883 forwards to its NodePorts"
}

allow "queries" {
  from = batch.pod
  to   = k8s.pod
  tcp  = [5432, "8000-8100"]
  udp  = [8125]
}
