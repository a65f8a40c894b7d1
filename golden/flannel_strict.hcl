# A strict cluster whose pods are in an overlay: what they need is their workers'.
vcn "net" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  cni                = "flannel"
  security_profile   = "strict"
  workloads          = ["dns01"]
  api_allowed_cidrs  = ["203.0.113.0/24"]

  node_pool "default" {
    shape      = "VM.Standard.E2.1.Micro"
    node_count = 2
    taints     = ["size=small:PreferNoSchedule"]
  }
}

allow "TO DB" {
  from = k8s.worker
  to   = "10.9.0.0/24"
  tcp  = [1521]
}
