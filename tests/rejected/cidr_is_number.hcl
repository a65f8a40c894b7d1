vcn "lab" {
  cidr_block = 10
}
