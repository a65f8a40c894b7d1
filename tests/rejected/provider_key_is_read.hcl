provider {
  private_key_path = file("key.pem")
}
vcn "lab" {}
