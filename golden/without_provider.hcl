# Generated with `--no-provider`: the provider block is a file of the user's.
vcn "lab" {
  defined_tags = { "Operations.CostCenter" = "42" }
}
