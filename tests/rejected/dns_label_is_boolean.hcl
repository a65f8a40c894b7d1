vcn "lab" {
  dns_label = true
}
