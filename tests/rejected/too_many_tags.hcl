vcn "lab" {
  freeform_tags = {
    tag1 = "1"
    tag2 = "2"
    tag3 = "3"
    tag4 = "4"
    tag5 = "5"
    tag6 = "6"
    tag7 = "7"
  }
}
