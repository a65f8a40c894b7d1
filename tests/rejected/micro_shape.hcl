vcn "lab" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"

  node_pool "default" {
    shape      = "VM.Standard.E2.1.Micro"
    image      = var.node_image_id
    node_count = 3
  }
}
