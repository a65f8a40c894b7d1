vcn "my lab" {}
