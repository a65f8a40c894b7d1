# A VCN and a cluster may have one name: nothing of them collides.
vcn "lab" {
  freeform_tags = { team = "platform" }
}

oke_cluster "lab" {
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
