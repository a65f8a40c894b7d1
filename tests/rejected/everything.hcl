vcn "lab" {
  cidr_block = "0.0.0.0/0"
}
