vcn "lab" {
  freeform_tags = {
    note = "one
two"
  }
}
