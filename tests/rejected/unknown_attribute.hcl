vcn "lab" {
  cidr_blok = "10.0.0.0/18"
}
