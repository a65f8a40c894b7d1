vcn "lab" {
  freeform_tags = local.tags
}
