# What this stack is: `gen` makes it, `check` proves it. All that can be written
# here: docs/spec.md of cloudspells.
vcn "lab" {
  cidr_block = "10.0.0.0/18"
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2" # one that your region offers
  display_name       = "lab-k8s"

  # Lets through what a cluster needs. The default, "reference", follows an
  # architecture reference that opens more: `check` shows what.
  security_profile = "strict"

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2
    memory_in_gbs = 12
  }
}
