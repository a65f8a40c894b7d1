vcn "lab" {
  cidr_block = "10.0.256.0/24"
}
