vcn "lab" {
  cidr_block = "100.64.0.0/16"
}
