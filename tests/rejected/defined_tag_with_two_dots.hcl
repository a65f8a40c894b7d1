vcn "lab" {
  defined_tags = { "Operations.Cost.Center" = "42" }
}
