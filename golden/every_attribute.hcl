# Every attribute of every block, written out.
vcn "prod-net" {
  cidr_block     = "172.16.0.0/16"
  dns_label      = "prodnet"
  compartment_id = "ocid1.compartment.oc1..network"
  freeform_tags  = { team = "platform", "cost-centre" = "4711" }
  defined_tags   = { "Operations.CostCenter" = "42" }
}

oke_cluster "prod" {
  vcn                = vcn.prod-net
  compartment_id     = var.cluster_compartment_ocid
  kubernetes_version = "v1.36.1"
  display_name       = "Production \"blue\" 100% $${literal} %%{if}"
  pods_cidr          = "10.244.0.0/16"
  services_cidr      = "10.96.0.0/16"
  api_allowed_cidrs  = ["203.0.113.0/24", "198.51.100.7/32"]
  create_kubeconfig  = "~/.kube/prod"

  freeform_tags = {
    team        = "platform"
    environment = "production"
  }
  defined_tags = { "Operations.CostCenter" = var.cost_center }

  node_pool "general" {
    shape                   = "VM.Standard.E5.Flex"
    image                   = "ocid1.image.oc1.eu-frankfurt-1.ol810k1361"
    node_count              = 6
    ocpus                   = 4
    memory_in_gbs           = 64
    ssh_public_key          = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIexample ops@example.com"
    boot_volume_size_in_gbs = 100
    max_pods_per_node       = 93
    initial_node_labels     = { workload = "general", "example.com/tier" = "web" }
  }

  node_pool "fixed-shape" {
    shape      = "VM.Standard2.4"
    image      = var.fixed_image_id
    node_count = 0
  }
}
