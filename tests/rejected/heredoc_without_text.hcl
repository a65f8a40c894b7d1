vcn "lab" {
  freeform_tags = {
    note = <<E
E
  }
  defined_tags = {
    "Ops.Note" = <<E
E
  }
}
