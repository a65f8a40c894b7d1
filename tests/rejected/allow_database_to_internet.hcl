vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}

allow "updates" {
  from = compute_instance.db
  to   = internet
  tcp  = [443]
}
