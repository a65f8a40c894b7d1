provider {
  private_key_path = trimspace(file("key.pem"))
}
vcn "lab" {}
