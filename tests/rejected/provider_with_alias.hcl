provider {
  alias = "frankfurt"
}

vcn "lab" {}
