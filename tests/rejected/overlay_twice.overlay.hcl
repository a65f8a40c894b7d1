vcn "lab" {
  cidr_block = "10.8.0.0/16"
}
vcn "lab" {
  cidr_block = "10.2.0.0/16"
}
