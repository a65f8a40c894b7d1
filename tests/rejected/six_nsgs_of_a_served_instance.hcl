vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  nsg_ids       = [var.a, var.b, var.c, var.d, var.e]
  served_by     = [{ from = compute_instance.app, tcp = [1521] }]
}

compute_instance "app" {
  role          = "application"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
}
