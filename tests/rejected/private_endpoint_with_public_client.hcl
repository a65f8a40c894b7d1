vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  endpoint           = "private"
  api_allowed_cidrs  = ["10.0.0.0/18", "203.0.113.0/24"]
}

oke_cluster "open" {
  kubernetes_version = "v1.35.2"
  api_allowed_cidrs  = ["0.0.0.0/0"]
  endpoint           = "private"
}
