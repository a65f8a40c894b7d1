# The base is fine.
vcn "lab" {
  cidr_block = "10.0.0.0/18
}
