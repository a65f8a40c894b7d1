provider {
  region = "eu-frankfurt-+1"
}

vcn "lab" {}
