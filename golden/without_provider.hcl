# Generated with `--no-provider`: the provider block is a file of the user's.
# What it says of tags counts for that block, too.
provider {
  ignore_defined_tags = ["Finance.Owner"]
}

vcn "lab" {
  defined_tags = { "Operations.CostCenter" = "42" }
}
