provider {
  ignore_defined_tags = ["Operations.CostCenter", "operations.costcenter"]
}

vcn "lab" {}
