vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "BM.Standard.E5.192"
  in_transit_encryption = true
}
