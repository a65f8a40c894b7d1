# A cluster beside instances beside a workload in one VCN, and who connects to
# whom: each relation is said at one end, and both ends get their rules. The
# network is strict, so that a database is reached by what serves it and by
# nothing else.
vcn "lab" {
  cidr_block       = "10.0.0.0/18"
  security_profile = "strict"
}

oke_cluster "k8s" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"

  serves    = [{ to = scalable_workload.web.lb, tcp = [80] }]
  served_by = [{ from = compute_instance.ops, to = "worker", tcp = [22], description = "Administrators reach workers" }]

  node_pool "default" {
    shape          = "VM.Standard.A1.Flex"
    node_count     = 3
    ocpus          = 2
    memory_in_gbs  = 12
    ssh_public_key = var.ssh_public_key
  }
}

compute_instance "db" {
  vcn            = vcn.lab
  role           = "database"
  shape          = "VM.Standard.E5.Flex"
  ocpus          = 2
  memory_in_gbs  = 32
  ssh_public_key = var.ssh_public_key

  served_by = [
    { from = oke_cluster.k8s.pod, tcp = [1521], description = "Pods reach the database" },
    { from = compute_instance.ops, tcp = [22] },
  ]

  volume "data" {
    size_in_gbs = 512
  }
}

compute_instance "sessions" {
  vcn            = vcn.lab
  role           = "cache"
  shape          = "VM.Standard.A1.Flex"
  ocpus          = 1
  memory_in_gbs  = 8
  instance_count = 2

  served_by = [{ from = oke_cluster.k8s.pod, tcp = [6379, "16379-16384"] }]
}

compute_instance "proxy" {
  vcn           = vcn.lab
  role          = "edge"
  public_ip     = true
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 6

  serves = [
    { to = oke_cluster.k8s.pod, tcp = [8080], description = "The proxy hands requests on to pods" },
    { to = compute_instance.sessions, tcp = [6379] },
  ]
}

compute_instance "ops" {
  vcn            = vcn.lab
  role           = "management"
  shape          = "VM.Standard.A1.Flex"
  ocpus          = 1
  memory_in_gbs  = 6
  ssh_public_key = var.ssh_public_key
}

scalable_workload "web" {
  vcn           = vcn.lab
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  serves = [{ to = compute_instance.db, tcp = [1521], description = "Orders" }]

  served_by = [
    { from = compute_instance.ops, to = "instance", tcp = [22] },
    { from = oke_cluster.k8s.pod, to = "instance", tcp = [8081] },
  ]

  autoscaling {
    min = 2
    max = 6
    cpu = { above = 70, below = 30 }
  }

  load_balancer {
    access       = "internal"
    protocol     = "HTTP"
    backend_port = 8080
  }
}
