vcn "lab" {
  security_profile = "strict"
}

compute_instance "app" {
  role          = "application"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  serves = [{ to = compute_instance.db, tcp = [1521, "2484-2488"] }]
}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8

  served_by = [
    { from = compute_instance.app, tcp = [1521] },
    { from = compute_instance.ops, tcp = [22] },
  ]
}

compute_instance "ops" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
