# Values that are only handed on may be any expression, however it is spaced.
vcn "net" {
  compartment_id = var.compartments["network"]
  freeform_tags  = merge({team="platform"},var.tags,{ for k,v in var.more_tags: k=>upper(v)if v!="" })
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  compartment_id     = "${var.compartment_ocid}"
  freeform_tags      = { owner = "team-${var.team}", note = var.loud ? "LOUD": "quiet", count = 3 }
  defined_tags       = var.defined_tags

  node_pool "first" {
    shape          = "VM.Standard.A1.Flex"
    image          = lookup( var.images , "arm",var.fallback_image_id )
    node_count     = 1
    ocpus          = 1
    memory_in_gbs  = 6
    ssh_public_key = <<-KEY
      ssh-ed25519 ${var.key_material}
    KEY
  }

  node_pool "second" {
    shape          = "VM.Standard.A1.Flex"
    image          = [for name,id in var.images:id if name!="x86"][ 0 ]
    node_count     = 1
    ocpus          = 1
    memory_in_gbs  = 6
    ssh_public_key = join( " ",["ssh-ed25519",trimspace(var.key_material) ,"${path.module}"] )
  }
}
