vcn "lab" {
  freeform_tags = { team = { name = "web" } }
}
