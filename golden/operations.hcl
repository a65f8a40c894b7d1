# What a cluster needs in its years of use: pools behind the control plane, an
# autoscaler, larger disks, nodes with more on them than OKE puts there.
vcn "net" {
  cidr_block     = "10.20.0.0/18"
  compartment_id = var.network_compartment_ocid
}

oke_cluster "k8s" {
  kubernetes_version = "v1.36.1"

  node_pool "scaled" {
    shape                   = "VM.Standard.E5.Flex"
    node_count              = { min = 1, max = 6, initial = 2 }
    ocpus                   = 4
    memory_in_gbs           = 32
    boot_volume_size_in_gbs = 200
  }

  node_pool "behind" {
    kubernetes_version = "v1.35.2"
    shape              = "VM.Standard.A1.Flex"
    image              = { os = "Oracle Linux", os_version = "8" }
    pin_image          = true
    node_count         = 1
    ocpus              = 2
    memory_in_gbs      = 12
    cloud_init         = <<-EOT
      #cloud-config
      packages:
        - ${var.package}
    EOT
  }

  node_pool "own" {
    preflight_checks        = false
    shape                   = "VM.Standard.A1.Flex"
    image                   = var.own_image_id
    node_count              = 1
    ocpus                   = 1
    memory_in_gbs           = 6
    boot_volume_size_in_gbs = 100
    cloud_init              = "#!/bin/bash\necho ready\n"
  }
}
