vcn "lab" {
  cidr_block = <<EOT
10.0.0.0/18
EOT
}
