vcn "lab" {
  dns_label = ""
}
