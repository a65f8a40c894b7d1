vcn "lab" {
  freeform_tags = { team = local.team }
}
