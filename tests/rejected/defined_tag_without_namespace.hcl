vcn "lab" {
  defined_tags = { CostCenter = "42" }
}
