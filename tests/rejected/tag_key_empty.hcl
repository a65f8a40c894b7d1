vcn "lab" {
  freeform_tags = { "" = "web" }
}
