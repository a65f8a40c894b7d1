vcn "lab" {
  cidr_block =
}
