provider {}

vcn "lab" {}

provider {
  auth = "InstancePrincipal"
}
