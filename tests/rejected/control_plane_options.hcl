vcn "lab" {}

oke_cluster "basic" {
  kubernetes_version = "v1.35.2"
  type               = "basic"
  oidc_discovery     = true
  oidc               = { issuer_url = "https://id.example.com", client_id = "kubernetes" }
}

oke_cluster "wrong" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
  ip_families        = ["IPv4", "IPv6"]
  kms_key_id         = "ocid1.vault.oc1..example"
  image_policy       = "ocid1.key.oc1..example"
  oidc               = { issuer_url = "https://id.example.com" }
}

oke_cluster "odd" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
  oidc               = { issuer = "https://id.example.com" }
}
