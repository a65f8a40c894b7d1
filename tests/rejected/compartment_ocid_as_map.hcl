vcn "lab" {
  freeform_tags = var.compartment_ocid
}
