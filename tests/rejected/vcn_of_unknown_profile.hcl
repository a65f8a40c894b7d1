vcn "lab" {
  security_profile = "tight"
}
