vcn "lab" {
  cidr_block = "10.20.0.0/18"
}

oke_cluster "k8s" {
  node_pool "defualt" {
    node_count = 3
  }

  node_pool "default" {
    ocpus = 200
  }
}
