vcn "lab" {
  freeform_tags = { team = null }
}
