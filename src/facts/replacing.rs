//! Arguments of the provider whose change replaces the resource, of the
//! resources that a spec's change can reach. The provider's documentation
//! (oracle/oci 8.28.0: what it does not call updatable), and what plans of it
//! said in `tests/changes/replace_*`.

/// A type and the argument whose change leaves the resource and takes its nodes:
/// OKE
/// terminates nodes that a new placement has no room for, and makes others
/// (Oracle, Scaling Node Pools).
pub const NODES: (&str, &str) = ("oci_containerengine_node_pool", "node_config_details.dynamic.content.subnet_id");

/// A type, and its arguments: of a block, after the block's name.
#[rustfmt::skip]
pub static ARGUMENTS: [(&str, &[&str]); 18] = [
    ("oci_autoscaling_auto_scaling_configuration",  &["policies"]),
    ("oci_containerengine_cluster", &[
        "compartment_id", "vcn_id", "kms_key_id", "cluster_pod_network_options.cni_type", "endpoint_config.subnet_id",
        "options.service_lb_subnet_ids", "options.ip_families", "options.kubernetes_network_config.pods_cidr",
        "options.kubernetes_network_config.services_cidr",
    ]),
    ("oci_containerengine_node_pool",                 &["compartment_id", "cluster_id"]),
    ("oci_containerengine_virtual_node_pool",         &["compartment_id", "cluster_id"]),
    ("oci_containerengine_addon",                     &["cluster_id", "addon_name"]),
    ("oci_core_instance", &[
        "create_vnic_details.subnet_id", "is_pv_encryption_in_transit_enabled", "metadata", "source_details.boot_volume_vpus_per_gb",
    ]),
    ("oci_core_volume",                               &[]),
    ("oci_core_volume_attachment", &[
        "attachment_type", "device", "display_name", "instance_id", "is_pv_encryption_in_transit_enabled", "volume_id",
    ]),
    ("oci_core_volume_backup_policy_assignment",      &["asset_id", "policy_id"]),
    ("oci_core_vcn",                                  &["dns_label"]),
    ("oci_core_subnet",                               &["vcn_id", "dns_label"]),
    ("oci_core_internet_gateway",                     &["vcn_id"]),
    ("oci_core_nat_gateway",                          &["vcn_id"]),
    ("oci_core_service_gateway",                      &["vcn_id"]),
    ("oci_core_route_table",                          &["vcn_id"]),
    ("oci_core_security_list",                        &["vcn_id"]),
    ("oci_core_network_security_group",               &["vcn_id"]),
    ("oci_core_network_security_group_security_rule", &["network_security_group_id"]),
];
