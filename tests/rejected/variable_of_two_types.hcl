vcn "lab" {
  compartment_id = var.shared
  freeform_tags  = var.shared
}
