vcn "lab" {
  freeform_tags = { "größe" = "XL" }
}
