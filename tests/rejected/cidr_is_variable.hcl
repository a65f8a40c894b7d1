vcn "lab" {
  cidr_block = var.cidr
}
