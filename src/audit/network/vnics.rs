//! Everything with VNICs that is not part of a cluster: instances, load
//! balancers, databases. Each type is a row of a table; any other type is read
//! by the usual names of such attributes, such as `subnet_id`.

use super::groups::{Draft, Placement, spread};
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Net, Reader};
use crate::prove::network::{GroupKind, Network};
use serde_json::Value;
use std::collections::BTreeMap;

/// The attributes in which a type of resource describes its VNICs.
struct Shape {
    kind: &'static str,
    /// The block with these attributes; empty for the resource itself.
    block: &'static str,
    subnet: &'static str,
    nsgs: &'static str,
    public: Public,
}

/// Whether the VNICs have public addresses, where the subnet allows them.
#[derive(Clone, Copy)]
enum Public {
    Never,
    Always,
    /// Unless a flag is false.
    Unless(&'static str),
    /// If a flag is true.
    If(&'static str),
    /// Unless a flag, such as `is_private`, is true.
    NotIf(&'static str),
    /// If an attribute has this value.
    Is(&'static str, &'static str),
}

const fn shape(
    kind: &'static str,
    block: &'static str,
    subnet: &'static str,
    nsgs: &'static str,
    public: Public,
) -> Shape {
    Shape { kind, block, subnet, nsgs, public }
}

#[rustfmt::skip]
const SHAPES: [Shape; 13] = [
    shape("oci_core_instance", "create_vnic_details", "subnet_id", "nsg_ids", Public::Unless("assign_public_ip")),
    shape("oci_core_vnic_attachment", "create_vnic_details", "subnet_id", "nsg_ids", Public::Unless("assign_public_ip")),
    shape("oci_load_balancer_load_balancer", "", "subnet_ids", "network_security_group_ids", Public::NotIf("is_private")),
    shape("oci_load_balancer", "", "subnet_ids", "network_security_group_ids", Public::NotIf("is_private")),
    shape("oci_network_load_balancer_network_load_balancer", "", "subnet_id", "network_security_group_ids", Public::NotIf("is_private")),
    shape("oci_apigateway_gateway", "", "subnet_id", "network_security_group_ids", Public::Is("endpoint_type", "PUBLIC")),
    shape("oci_bastion_bastion", "", "target_subnet_id", "nsg_ids", Public::Never),
    shape("oci_functions_application", "", "subnet_ids", "network_security_group_ids", Public::Never),
    shape("oci_container_instances_container_instance", "vnics", "subnet_id", "nsg_ids", Public::Unless("is_public_ip_assigned")),
    shape("oci_database_db_system", "", "subnet_id", "nsg_ids", Public::Always),
    shape("oci_database_cloud_vm_cluster", "", "subnet_id", "nsg_ids", Public::Always),
    shape("oci_golden_gate_deployment", "", "subnet_id", "nsg_ids", Public::If("is_public")),
    shape("oci_streaming_stream_pool", "private_endpoint_settings", "subnet_id", "nsg_ids", Public::Never),
];

const LEFT_OUT: &str = "its VNICs are left out";
const NO_NSGS: &str = "its VNICs are assumed to have no NSG and a public address";
const INSTANCE_POOL: &str = "oci_core_instance_pool";
const CLUSTER_NETWORK: &str = "oci_core_cluster_network";

/// The subnets that could be read, with their names and their own CIDRs.
pub struct Subnets<'s> {
    pub names: &'s BTreeMap<usize, String>,
    pub network: &'s Network,
}

/// Types that name a subnet but have no VNIC in it, and types that are read
/// elsewhere.
const OTHERS: [&str; 9] = [
    "oci_core_subnet",
    "oci_core_route_table_attachment",
    "oci_core_private_ip",
    "oci_core_ipv6",
    "oci_core_public_ip",
    "oci_core_instance_configuration",
    "oci_containerengine_cluster",
    "oci_containerengine_node_pool",
    "oci_containerengine_virtual_node_pool",
];

pub fn read<'a>(reader: &mut Reader<'_, 'a>, subnets: &Subnets<'_>, drafts: &mut Vec<Draft>) {
    let resolver = reader.resolver;
    for instance in resolver.inventory.instances.iter().filter(|one| !one.is_data && one.kind.starts_with("oci_")) {
        let resource = resolver.block(instance);
        let mut found = Vec::new();
        if let Some(shape) = SHAPES.iter().find(|shape| shape.kind == instance.kind) {
            let blocks =
                if shape.block.is_empty() { vec![resource.clone()] } else { reader.blocks(&resource, shape.block) };
            for block in &blocks {
                found.extend(shaped(reader, block, shape));
            }
            if found.is_empty() && instance.kind == "oci_core_instance" {
                found.extend(plain_instance(reader, &resource));
            }
        } else if instance.kind == INSTANCE_POOL {
            let vnics = configured_vnics(reader, &resource);
            found.extend(pool(reader, &resource, "placement_configurations", &vnics));
        } else if instance.kind == CLUSTER_NETWORK {
            let pools = reader.blocks(&resource, "instance_pools");
            let vnics: Vec<_> = pools.iter().flat_map(|pool| configured_vnics(reader, pool)).collect();
            found.extend(pool(reader, &resource, "placement_configuration", &vnics));
        } else if instance.kind == "oci_core_public_ip" {
            if matches!(resource.get("private_ip_id"), Attribute::Known(_)) || resource.is_configured("private_ip_id") {
                reader.note(&resource, "private_ip_id", "which VNIC gets this public address is not analysed");
            }
        } else if !OTHERS.contains(&instance.kind) {
            found.extend(unknown_type(reader, &resource));
        }
        add(reader, instance, found, subnets, drafts);
    }
}

fn add<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    instance: &'s Instance<'a>,
    found: Vec<Placement>,
    subnets: &Subnets<'_>,
    drafts: &mut Vec<Draft>,
) {
    let names = [instance.address.to_owned()];
    let placements: Vec<_> = found.into_iter().map(|placement| (placement, instance.address.to_owned())).collect();
    let mut made = spread(&names, GroupKind::Role, &placements, subnets.names);
    if let [only] = made.as_mut_slice()
        && matches!(instance.kind, "oci_core_instance" | "oci_core_vnic_attachment")
    {
        let resource = reader.resolver.block(instance);
        let inner = reader.blocks(&resource, "create_vnic_details");
        let text = inner.iter().chain([&resource]).find_map(|block| match block.get("private_ip") {
            Attribute::Known(Value::String(text)) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        if let Some(Net::V4(net)) = text.and_then(|text| reader.net(&resource, "private_ip", text)) {
            let address = reader.resolver.inventory.instance(only.subnet).map_or("", |subnet| subnet.address);
            match subnets.network.subnets.get(address).map(|subnet| subnet.cidr) {
                Some(cidr) if cidr.contains(&net) && net.prefix_len() == net.max_prefix_len() => {
                    only.addresses = vec![net];
                }
                Some(cidr) => {
                    let why = format!("{net} is not an address in {cidr}, its subnet; assumed to be anywhere in it");
                    reader.note(&resource, "private_ip", why);
                }
                None => {}
            }
        }
    }
    drafts.extend(made);
}

fn shaped<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, shape: &Shape) -> Vec<Placement> {
    let places = subnets_of(reader, block, shape.subnet);
    if places.is_empty() {
        return Vec::new();
    }
    let nsgs = reader.addresses(block, shape.nsgs, Want::Nsg);
    let public_ip = match shape.public {
        Public::Never => false,
        Public::Always => true,
        Public::Unless(flag) => reader.flag(block, flag, true, true),
        Public::If(flag) => reader.flag(block, flag, false, true),
        Public::NotIf(flag) => !reader.flag(block, flag, false, false),
        Public::Is(name, value) => reader.text(block, name) == Some(value),
    };
    places.into_iter().map(|subnet| Placement { subnet, nsgs: nsgs.clone(), public_ip }).collect()
}

/// The subnets that an attribute names, one or a list.
fn subnets_of<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> Vec<usize> {
    let things = match block.get(name) {
        Attribute::Absent => Vec::new(),
        Attribute::Unknown if !block.is_configured(name) => Vec::new(),
        _ if name.ends_with('s') => reader.many(block, name, Want::Subnet),
        _ => match reader.one(block, name, Want::Subnet, LEFT_OUT) {
            Named::Thing(thing) => vec![thing],
            Named::Absent | Named::Unresolved => Vec::new(),
        },
    };
    let subnet = |thing| match thing {
        Thing::Instance(at) => Some(at),
        Thing::DefaultList(_) | Thing::DefaultTable(_) => None,
    };
    things.into_iter().filter_map(subnet).collect()
}

/// An instance without `create_vnic_details`, in the older form.
fn plain_instance<'a>(reader: &mut Reader<'_, 'a>, resource: &Block<'_, 'a>) -> Vec<Placement> {
    let places = subnets_of(reader, resource, "subnet_id");
    places.into_iter().map(|subnet| Placement { subnet, nsgs: Vec::new(), public_ip: true }).collect()
}

/// The VNICs that an instance pool's configuration describes.
fn configured_vnics<'s, 'a>(reader: &mut Reader<'s, 'a>, pool: &Block<'s, 'a>) -> Vec<Block<'s, 'a>> {
    let resolver = reader.resolver;
    let configuration = reader.instance(pool, "instance_configuration_id", Want::InstanceConfiguration, NO_NSGS);
    let Some(configuration) = configuration.and_then(|at| resolver.inventory.instance(at)) else { return Vec::new() };
    let mut blocks = vec![resolver.block(configuration)];
    for name in ["instance_details", "launch_details", "create_vnic_details"] {
        blocks = blocks.iter().flat_map(|block| reader.blocks(block, name)).collect();
    }
    blocks
}

/// An instance pool or a cluster network: it names the subnets, and its
/// configurations the rest.
fn pool<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    pool: &Block<'s, 'a>,
    placements: &str,
    vnics: &[Block<'s, 'a>],
) -> Vec<Placement> {
    let mut subnets = Vec::new();
    for placement in reader.blocks(pool, placements) {
        subnets.extend(subnets_of(reader, &placement, "primary_subnet_id"));
        for vnic in reader.blocks(&placement, "primary_vnic_subnets") {
            subnets.extend(subnets_of(reader, &vnic, "subnet_id"));
        }
        if !reader.blocks(&placement, "secondary_vnic_subnets").is_empty() {
            reader.note(&placement, "secondary_vnic_subnets", "the secondary VNICs of its instances are left out");
        }
    }
    let mut found = Vec::new();
    for vnic in vnics {
        let nsgs = reader.addresses(vnic, "nsg_ids", Want::Nsg);
        let public_ip = reader.flag(vnic, "assign_public_ip", true, true);
        let own = if subnets.is_empty() { subnets_of(reader, vnic, "subnet_id") } else { subnets.clone() };
        found.extend(own.into_iter().map(|subnet| Placement { subnet, nsgs: nsgs.clone(), public_ip }));
    }
    if vnics.is_empty() {
        found.extend(subnets.into_iter().map(|subnet| Placement { subnet, nsgs: Vec::new(), public_ip: true }));
    }
    found
}

/// A type that is not in the table, read by the usual names of attributes, at
/// the top level or in a nested block.
fn unknown_type<'s, 'a>(reader: &mut Reader<'s, 'a>, resource: &Block<'s, 'a>) -> Vec<Placement> {
    let mut found = by_usual_names(reader, resource);
    let inner = resource.values.as_object().into_iter().flatten();
    let inner: Vec<_> = inner.filter(|(_, value)| value.get(0).is_some_and(Value::is_object)).collect();
    for (name, _) in inner {
        for block in reader.blocks(resource, name) {
            found.extend(by_usual_names(reader, &block));
        }
    }
    found
}

fn by_usual_names<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>) -> Vec<Placement> {
    let mut subnets = Vec::new();
    for name in ["subnet_id", "subnet_ids"] {
        subnets.extend(subnets_of(reader, block, name));
    }
    if subnets.is_empty() {
        return Vec::new();
    }
    let mut nsgs = Vec::new();
    for name in ["nsg_ids", "network_security_group_ids"] {
        nsgs.extend(reader.addresses(block, name, Want::Nsg));
    }
    let public_ip = ["assign_public_ip", "is_public_ip_enabled", "is_public"]
        .into_iter()
        .any(|flag| matches!(block.get(flag), Attribute::Known(Value::Bool(true))));
    subnets.into_iter().map(|subnet| Placement { subnet, nsgs: nsgs.clone(), public_ip }).collect()
}
