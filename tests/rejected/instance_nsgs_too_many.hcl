vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  nsg_ids       = [var.a_nsg_id, var.b_nsg_id, var.c_nsg_id, var.d_nsg_id, var.e_nsg_id]
}
