vcn "lab" {
  defined_tags = ["Operations.CostCenter"]
}
