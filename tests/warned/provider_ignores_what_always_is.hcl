provider {
  ignore_defined_tags = ["Operations.CostCenter", "oracle-tags.CreatedBy"]
}

vcn "lab" {}
