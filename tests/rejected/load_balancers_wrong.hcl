vcn "lab" {}

oke_cluster "a" {
  kubernetes_version = "v1.35.2"
  load_balancers     = "privat"
}

oke_cluster "b" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = [443]
}

oke_cluster "c" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = { tcp = [443, 443] }
}

oke_cluster "d" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = { udp = ["70000"] }
}

oke_cluster "e" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = {}
}

oke_cluster "f" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = { tcp = [1, 2, 3, 4, 5, 6, 7], udp = [1, 2, 3, 4, 5, 6] }
}

oke_cluster "g" {
  kubernetes_version  = "v1.35.2"
  load_balancer_ports = { tcp = [443] }
  load_balancer_rules = "controller"
}

oke_cluster "h" {
  kubernetes_version  = "v1.35.2"
  load_balancer_rules = "none"
}
