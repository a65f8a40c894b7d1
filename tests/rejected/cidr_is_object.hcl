vcn "lab" {
  cidr_block = { network = "10.0.0.0/18" }
}
