vcn "lab" {}
oke_cluster "k8s" {
  vcn = vcn.lab
  kubernetes_version = "v1.35.2"
  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
vcn "other" {
  cidr_block = "10.8.0.0/18"
}
allow "db" {
  from = k8s.pod
  to   = other.secure
  tcp  = [1521]
}
