vcn "lab" {
  cidr_block = "10.${var.block}.0.0/16"
}
