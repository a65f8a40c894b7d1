vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  freeform_tags      = { note = "%{ if var.loud }say "hello"%{ endif }" }
}
