# A cluster whose API endpoint has no public address, and is reached from the
# VCN and from the data centre.

vcn "corp" {
  cidr_block = "10.40.0.0/16"
}

oke_cluster "inner" {
  vcn                = vcn.corp
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
  endpoint           = "private"
  api_allowed_cidrs  = ["10.40.224.0/19", "10.9.0.0/24"]
  create_kubeconfig  = "~/.kube/prod"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}

vcn "lab" {}

# The reference's rules, and the VCN's own addresses as clients.
oke_cluster "test" {
  vcn                = vcn.lab
  kubernetes_version = "v1.35.2"
  endpoint           = "private"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
  }
}
