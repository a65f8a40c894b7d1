vcn "lab" {
  freeform_tags = { team = "web", "team" = "api" }
}
