vcn "lab.prod" {}
