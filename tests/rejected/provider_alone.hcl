provider {
  region = "eu-frankfurt-1"
}
