vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  api_allowed_cidrs  = ["2001:db8::/32"]
}
