vcn "a" {}

vcn "b" {
  cidr_block = "10.0.32.0/20"
}
