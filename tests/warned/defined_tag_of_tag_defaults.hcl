vcn "lab" {
  defined_tags = { "Oracle-Tags.CreatedBy" = "me" }
}

vcn "other" {
  cidr_block   = "10.1.0.0/18"
  defined_tags = merge(var.defined_tags, { "oracle-tags.createdon" = "today" })
}
