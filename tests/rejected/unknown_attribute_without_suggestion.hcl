vcn "lab" {
  ipv6 = true
}
