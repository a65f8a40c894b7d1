vcn "lab" {
  subnet "web" {}
}
