vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}

allow "queries" {
  from = internet
  to   = db.database
  tcp  = [1521]
}
