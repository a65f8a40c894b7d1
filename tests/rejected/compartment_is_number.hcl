vcn "lab" {
  compartment_id = 7
}
