vcn "lab" {
  freeform_tags = {
    note = "${var.a} one
two"
  }
}
