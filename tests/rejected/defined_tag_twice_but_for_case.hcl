vcn "lab" {
  defined_tags = { "Operations.CostCenter" = "42", "operations.costcenter" = "43" }
}
