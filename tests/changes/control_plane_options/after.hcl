vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version     = "v1.35.2"
  type                   = "enhanced"
  image_policy           = ["ocid1.key.oc1..example"]
  oidc                   = { issuer_url = "https://id.example.com", client_id = "kubernetes" }
  oidc_discovery         = true
  persistent_volume_tags = { team = "platform" }
  load_balancer_tags     = { team = "platform" }
}
