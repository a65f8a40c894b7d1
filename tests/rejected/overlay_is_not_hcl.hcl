vcn "lab" {}
