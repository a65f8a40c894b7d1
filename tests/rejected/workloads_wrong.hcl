vcn "lab" {}

oke_cluster "a" {
  kubernetes_version = "v1.35.2"
  workloads          = ["file_storge"]
}

oke_cluster "b" {
  kubernetes_version = "v1.35.2"
  workloads          = ["webhooks", "webhooks"]
}

oke_cluster "c" {
  kubernetes_version = "v1.35.2"
  workloads          = "webhooks"
}

oke_cluster "d" {
  kubernetes_version  = "v1.35.2"
  load_balancer_rules = "controller"
  workloads           = ["native_ingress"]
}

oke_cluster "e" {
  kubernetes_version  = "v1.35.2"
  load_balancer_rules = "controller"
  workloads           = ["client_ip_preservation"]
}

oke_cluster "f" {
  kubernetes_version = "v1.35.2"
  load_balancers     = "internal"
  workloads          = ["client_ip_preservation"]
}
