# Instances beside a cluster, in a network with the reference's lists.
vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

compute_instance "proxy" {
  role          = "edge"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}

compute_instance "db" {
  role           = "database"
  shape          = "VM.Standard.E5.Flex"
  ocpus          = 2
  memory_in_gbs  = 32
  instance_count = 2

  volume "data" {
    size_in_gbs = 1024
  }
}

compute_instance "jump" {
  role  = "management"
  shape = "VM.Standard.E2.1.Micro"
}

allow "SQL" {
  from = k8s.pod
  to   = db.database
  tcp  = [1521]
}
