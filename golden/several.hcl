# Two VCNs and three clusters, two of them in one VCN: their equal rules stand
# once in its security lists. Written in no particular order.
oke_cluster "stage" {
  vcn                = vcn.shared
  kubernetes_version = "v1.35.2"
  api_allowed_cidrs  = []

  node_pool "arm" {
    shape         = "VM.Standard.A1.Flex"
    image         = var.arm_image_id
    node_count    = 2
    ocpus         = 1
    memory_in_gbs = 6
  }
}

vcn "shared" {
  cidr_block = "10.8.0.0/20"
}

oke_cluster "alone" {
  vcn                = vcn.apart
  kubernetes_version = "v1.34.2"
}

oke_cluster "dev" {
  vcn                = vcn.shared
  kubernetes_version = "v1.36.1"
  api_allowed_cidrs  = ["192.0.2.0/24"]

  node_pool "x86" {
    shape         = "VM.Standard.E4.Flex"
    image         = var.x86_image_id
    node_count    = 2
    ocpus         = 2
    memory_in_gbs = 16
  }

  node_pool "arm" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}

vcn "apart" {
  cidr_block = "192.168.0.0/24"
}
