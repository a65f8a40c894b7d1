vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  api_allowed_cidrs  = ["203.0.113.0/24", "203.0.113.0/24"]
}
