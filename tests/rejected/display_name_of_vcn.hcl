vcn "lab" {
  display_name = "lab"
}
