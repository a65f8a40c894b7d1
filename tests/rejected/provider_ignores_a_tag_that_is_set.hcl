provider {
  ignore_defined_tags = ["Operations.CostCenter", "Finance.owner"]
}

vcn "lab" {
  defined_tags = { "operations.costcenter" = "42" }
}

vcn "other" {
  cidr_block   = "10.1.0.0/18"
  defined_tags = merge(var.defined_tags, { "Finance.Owner" = "web" })
}
