vcn "lab" {
  dns_label = "my-lab"
}
