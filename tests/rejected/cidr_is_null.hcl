vcn "lab" {
  cidr_block = null
}
