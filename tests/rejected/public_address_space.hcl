vcn "lab" {
  cidr_block = "8.8.0.0/16"
}
