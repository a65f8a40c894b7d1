vcn "lab" {
  freeform_tags = var.region
}
