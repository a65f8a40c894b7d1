vcn "lab" {}

compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.E5.Flex"
  ocpus         = 2
  memory_in_gbs = 16
  image         = var.newer_image_id

  boot_volume {
    size_in_gbs = 50
  }
}
