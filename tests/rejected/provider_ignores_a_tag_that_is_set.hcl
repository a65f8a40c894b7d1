provider {
  ignore_defined_tags = ["Operations.CostCenter"]
}

vcn "lab" {
  defined_tags = { "Operations.CostCenter" = "42" }
}
