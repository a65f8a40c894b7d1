# An enhanced cluster with all that its control plane may have, and with add-ons:
# one that every cluster has, and others.

vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"
  security_profile   = "strict"

  kms_key_id     = var.secrets_key_id
  image_policy   = [var.signing_key_id]
  oidc_discovery = true

  oidc = {
    issuer_url         = "https://id.example.com"
    client_id          = var.oidc_client_id
    username_claim     = "sub"
    signing_algorithms = ["RS256", "ES256"]
    required_claims    = { hd = "example.com" }
  }

  persistent_volume_tags = { team = "platform" }
  load_balancer_tags     = var.tags

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }

  addon "CoreDNS" {
    configuration = { minReplica = "2", nodesPerReplica = "4" }
  }

  addon "CertManager" {}

  addon "KubernetesMetricsServer" {
    version       = "v0.8.0"
    configuration = { numOfReplicas = var.replicas }
  }
}
