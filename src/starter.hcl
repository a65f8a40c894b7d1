# A cloudspells spec: what this stack is. `cloudspells gen --out ./infra`
# turns it into a Terraform/OpenTofu module. A block is a spell; its label is
# its name, and every address, variable and output is made from names.

# A network: a VCN with Internet, NAT and Service Gateway and four tiers
# (public, private, secure, management), cut from `cidr_block`.
vcn "lab" {
  # Private address space, /16 to /24. Default: "10.0.0.0/18".
  cidr_block = "10.0.0.0/18"

  # dns_label      = "lab"                                # default: made from the name
  # compartment_id = var.network_compartment_ocid         # default: var.compartment_ocid
  # freeform_tags  = { team = "platform" }                # added to ours, on every resource
  # freeform_tags  = merge(var.tags, { stage = "test" })  # any expression over variables
  # defined_tags   = { "Operations.CostCenter" = "42" }
}

# An OKE cluster in that network, with its NSGs and rules.
oke_cluster "k8s" {
  # Which VCN. With one VCN in the spec it may be left out.
  vcn = vcn.lab

  # A version that OKE offers, written out: the tool reasons about it. Yours:
  # oci ce cluster-options get --cluster-option-id all
  kubernetes_version = "v1.35.2"

  # The name in OCI's console. Default: the label.
  display_name = "lab-k8s"

  # Who may reach the Kubernetes API, one rule a CIDR in both layers. The
  # default is everyone; [] is nobody from outside.
  # api_allowed_cidrs = ["203.0.113.0/24"]

  # Which rules. The default is the architecture reference's; "strict" puts the
  # whole policy into the NSGs, and no more than a cluster needs: `cloudspells
  # check` shows what that closes.
  # security_profile = "strict"

  # Both outside of the VCN. These are the defaults.
  # pods_cidr     = "10.2.0.0/16"
  # services_cidr = "10.3.0.0/16"

  # Writes a kubeconfig when applied. Its content is then in the state.
  # create_kubeconfig = "~/.kube/lab"

  # Any number of node pools, each spread over all availability domains.
  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 3
    ocpus         = 2  # for each node; Flex shapes only
    memory_in_gbs = 12 # for each node; Flex shapes only

    # The image is OKE's newest for the version and the shape, unless you write
    # one. docs/spec.md has every attribute, with its default and an example.
    # image                   = { os_version = "8" }

    # A value that is only handed on may be any Terraform expression. Each
    # var.NAME becomes a variable of the generated module.
    # ssh_public_key          = var.ssh_public_key
    # boot_volume_size_in_gbs = 100
    # max_pods_per_node       = 31
    # initial_node_labels     = { workload = "general" }
  }
}
