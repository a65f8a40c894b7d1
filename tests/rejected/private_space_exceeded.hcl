vcn "lab" {
  cidr_block = "172.16.0.0/11"
}
