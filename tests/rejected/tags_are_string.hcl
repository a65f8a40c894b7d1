vcn "lab" {
  freeform_tags = "team=web"
}
