vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "BM.Standard.E5.192"

  volume "data" {
    size_in_gbs     = 100
    attachment_type = "paravirtualized"
  }
}
