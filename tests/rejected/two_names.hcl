vcn "lab" "prod" {}
