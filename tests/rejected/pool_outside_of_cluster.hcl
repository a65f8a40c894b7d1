vcn "lab" {}

node_pool "default" {}
