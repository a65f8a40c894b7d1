vcn "lab" {
  cidr_blocks = ["10.0.0.0/18"]
}
