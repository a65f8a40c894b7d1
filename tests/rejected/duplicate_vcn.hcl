vcn "lab" {}

vcn "lab" {
  cidr_block = "10.1.0.0/18"
}
