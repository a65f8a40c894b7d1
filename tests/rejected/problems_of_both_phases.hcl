vcn "lab" {
  cidr_block = "10.0.0.0/24"
}

oke_cluster "one" {
  vcn                = vcn.lba
  kubernetes_version = "v1.35.2"
}

oke_cluster "two" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  services_cidr      = "10.0.0.0/16"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.node_image_id
    node_count    = 100
    ocpus         = 2
    memory_in_gbs = 12
  }
}
