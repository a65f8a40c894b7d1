vcn "lab" {
  freeform_tags = {
    a = <<E

E # still text
    b = "injected"
    c = <<E
z
E
  }
}
