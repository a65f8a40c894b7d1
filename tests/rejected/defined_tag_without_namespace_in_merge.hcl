vcn "lab" {
  defined_tags = merge(var.defined_tags, var.is_prod ? { CostCenter = "42" } : {})
}
