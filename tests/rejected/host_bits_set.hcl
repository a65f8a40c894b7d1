vcn "lab" {
  cidr_block = "10.0.0.1/18"
}
