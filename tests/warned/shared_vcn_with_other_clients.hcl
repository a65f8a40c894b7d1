vcn "shared" {}

oke_cluster "closed" {
  kubernetes_version = "v1.35.2"
  api_allowed_cidrs  = []
}

oke_cluster "open" {
  kubernetes_version = "v1.35.2"
}
