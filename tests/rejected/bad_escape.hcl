vcn "lab" {
  dns_label = "l\ab"
}
