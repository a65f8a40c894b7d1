vcn "lab" {
  cidr_block = "10.00.0.0/18"
}
