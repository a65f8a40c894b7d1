vcn "1lab" {}
