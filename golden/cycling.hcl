# Pools whose nodes OKE replaces by itself after a change: a share of them at a
# time, or with a new boot volume only.
vcn "net" {}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  type               = "enhanced"

  node_pool "replaced" {
    shape                   = "VM.Standard.E5.Flex"
    node_count              = 4
    ocpus                   = 2
    memory_in_gbs           = 16
    node_cycling            = { maximum_surge = "25%", maximum_unavailable = "0" }
    eviction_grace_duration = "PT10M"
  }

  node_pool "booted" {
    shape         = "VM.Standard.E5.Flex"
    node_count    = 2
    ocpus         = 2
    memory_in_gbs = 16
    node_cycling  = { maximum_unavailable = "1", cycle_modes = ["BOOT_VOLUME_REPLACE"] }
  }

  node_pool "plain" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 2
    memory_in_gbs = 12
    node_cycling  = true
  }
}
