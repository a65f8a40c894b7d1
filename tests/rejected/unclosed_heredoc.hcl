vcn "lab" {
  dns_label = <<EOT
    lab
}
