vcn "lab" {
  cidr_block = "10.0.0.0/255.255.192.0"
}
