vcn "lab" {
  cidr_block = "10.0.0.0/18"
  cidr_block = "10.1.0.0/18"
}
