vcn "lab" {
  dns_label = "1lab"
}
