vcn "lab" {
  cidr_block = "fd00::/48"
}
