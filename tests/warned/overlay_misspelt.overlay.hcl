vcn "labb" {
  cidr_block = "10.7.0.0/16"
}
