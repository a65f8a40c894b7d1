vcn "lab" {
  compartment_id = "platform"
}
