# A VCN and no cluster.
vcn "Net_1" {
  cidr_block = "10.200.0.0/22"
}
