vcn "lab" {
  dns_label = "laboratory012345"
}
