//! Everything with VNICs that is not part of a cluster: instances, load
//! balancers, databases. Each type is a row of a table; any other type is read
//! by the usual names of such attributes, such as `subnet_id`.

use super::balancers::Fronts;
use super::generated::{Generated, hidden_subnets};
use super::groups::{Draft, Placement, spread};
use super::instance_pools::{configured, configured_vnics, pool};
use super::routes::{RouteTables, Variant};
use super::subnet_tables::own_tables;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Maybe, Named, Names, Net, Reader};
use crate::audit::subject::Instances;
use crate::prove::Concerns;
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
const INSTANCE_POOL: &str = "oci_core_instance_pool";
const CLUSTER_NETWORK: &str = "oci_core_cluster_network";

/// The subnets that could be read, with their names and their own CIDRs.
pub struct Subnets<'s> {
    pub names: &'s BTreeMap<usize, String>,
    pub network: &'s Network,
    pub tables: &'s RouteTables,
    pub fronts: &'s Fronts,
}

/// Types that name a subnet but have no VNIC in it, and types that are read
/// elsewhere.
const OTHERS: [&str; 12] = [
    "oci_core_subnet",
    "oci_core_route_table_attachment",
    "oci_core_private_ip",
    "oci_core_ipv6",
    "oci_core_public_ip",
    "oci_core_instance_configuration",
    "oci_containerengine_cluster",
    "oci_containerengine_node_pool",
    "oci_containerengine_virtual_node_pool",
    "oci_vn_monitoring_path_analysi",
    "oci_vn_monitoring_path_analyzer_test",
    "oci_core_vtap",
];

/// Gives the instances that cloudspells generated, with the places of their
/// drafts.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, subnets: &Subnets<'_>, drafts: &mut Vec<Draft>) -> Vec<Instances> {
    let resolver = reader.resolver;
    let mut generated = Generated::default();
    let of_oci = |(_, one): &(usize, &Instance<'_>)| !one.is_data && one.kind.starts_with("oci_");
    for (at, instance) in resolver.inventory.instances.iter().enumerate().filter(of_oci) {
        let resource = resolver.block(instance);
        reader.about(Concerns::Group(instance.address.to_owned()));
        let mut found = Vec::new();
        if let Some(shape) = SHAPES.iter().find(|shape| shape.kind == instance.kind) {
            let blocks =
                if shape.block.is_empty() { vec![resource.clone()] } else { reader.blocks(&resource, shape.block) };
            for block in &blocks {
                // The older form has the subnet beside the block.
                let outer = [block, &resource].into_iter().find(|one| names_subnet(one, shape.subnet));
                found.extend(shaped(reader, outer.unwrap_or(block), block, shape, subnets.tables));
            }
            if has_public_address(&resource) {
                found.iter_mut().for_each(|placement: &mut Placement| placement.public_ip = true.into());
            }
            if blocks.is_empty() && instance.kind == "oci_core_instance" {
                found.extend(plain_instance(reader, &resource));
            }
            if found.is_empty() && is_placed(instance.kind) {
                reader.note(
                    &resource,
                    shape.subnet,
                    "it leads to no subnet that could be read; its VNICs are left out",
                );
            }
            found.extend(by_usual_names(reader, &resource, &[shape.block, shape.subnet]));
        } else if instance.kind == INSTANCE_POOL {
            let name = "placement_configurations";
            let vnics = configured_vnics(reader, &resource, subnets.tables);
            let nsgs: Vec<_> = vnics.iter().flat_map(|vnic| vnic.nsgs.certain.iter().cloned()).collect();
            match hidden_subnets(reader, &resource, name, &nsgs, subnets.names) {
                Some(subnets) => {
                    let places = Places { subnets, is_among: false };
                    let of_vnic = |vnic: Vnic| Vnic { places: places.clone(), ..vnic }.placements(false);
                    found.extend(vnics.into_iter().flat_map(of_vnic));
                }
                None => found.extend(pool(reader, &resource, name, &vnics)),
            }
        } else if instance.kind == CLUSTER_NETWORK {
            let pools = reader.blocks(&resource, "instance_pools");
            let vnics: Vec<_> = pools.iter().flat_map(|pool| configured_vnics(reader, pool, subnets.tables)).collect();
            found.extend(pool(reader, &resource, "placement_configuration", &vnics));
        } else if instance.kind == "oci_core_instance_configuration" {
            // Whoever launches it says where; with a subnet of its own it may be
            // launched as it is.
            found.extend(
                configured(reader, &resource, subnets.tables).into_iter().flat_map(|vnic| vnic.placements(true)),
            );
        } else if !OTHERS.contains(&instance.kind) {
            found.extend(by_usual_names(reader, &resource, &[]));
        }
        if let Some(fronts) = subnets.fronts.get(&at) {
            found.iter_mut().for_each(|placement| placement.fronts.clone_from(fronts));
        }
        if let Some(found) = generated.take(instance, found) {
            add(reader, instance, found, subnets, drafts);
        }
    }
    reader.about(Concerns::Everything);
    generated.finish(subnets.names, drafts)
}

/// Whether every resource of the type has a VNIC in a subnet.
fn is_placed(kind: &str) -> bool {
    matches!(
        kind,
        "oci_core_instance"
            | "oci_load_balancer_load_balancer"
            | "oci_load_balancer"
            | "oci_network_load_balancer_network_load_balancer"
    )
}

fn names_subnet(block: &Block<'_, '_>, name: &str) -> bool {
    match block.get(name) {
        Attribute::Known(value) => value.as_str() != Some(""),
        Attribute::Unknown => block.is_configured(name),
        Attribute::Absent => false,
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
    let is_one_vnic = made.len() == 1 || made.iter().all(|draft| draft.candidate_of.is_some());
    if is_one_vnic && matches!(instance.kind, "oci_core_instance" | "oci_core_vnic_attachment") {
        let resource = reader.resolver.block(instance);
        let inner = reader.blocks(&resource, "create_vnic_details");
        let text = inner.iter().chain([&resource]).find_map(|block| match block.get("private_ip") {
            Attribute::Known(Value::String(text)) if !text.is_empty() => Some(text.as_str()),
            _ => None,
        });
        if let Some(Net::V4(net)) = text.and_then(|text| reader.net(&resource, "private_ip", text)) {
            let cidr = |draft: &Draft| {
                let address = reader.resolver.inventory.instance(draft.subnet).map_or("", |subnet| subnet.address);
                subnets.network.subnets.get(address).map(|subnet| subnet.cidr)
            };
            let is_address = net.prefix_len() == net.max_prefix_len();
            let holds = |draft: &Draft| is_address && cidr(draft).is_some_and(|cidr| cidr.contains(&net));
            if made.iter().any(holds) {
                // Of the candidates it is in the one that has its address.
                made.retain(holds);
                made.iter_mut().for_each(|draft| draft.addresses = vec![net]);
            } else if let Some(cidr) = made.first().and_then(cidr) {
                let why = format!("{net} is not an address in {cidr}, its subnet; assumed to be anywhere in it");
                reader.note(&resource, "private_ip", why);
            }
        }
    }
    drafts.extend(made);
}

/// `block` has everything but the subnet, which is named in `place`.
fn shaped<'a>(
    reader: &mut Reader<'_, 'a>,
    place: &Block<'_, 'a>,
    block: &Block<'_, 'a>,
    shape: &Shape,
    tables: &RouteTables,
) -> Vec<Placement> {
    let places = subnets_of(reader, place, shape.subnet);
    if places.is_empty() {
        return Vec::new();
    }
    let nsgs = reader.addresses(block, shape.nsgs, Want::Nsg);
    let public_ip = match shape.public {
        Public::Never => false.into(),
        Public::Always => true.into(),
        Public::Unless(flag) => reader.maybe(block, flag, true),
        Public::If(flag) => reader.maybe(block, flag, false),
        Public::NotIf(flag) => !reader.maybe(block, flag, false),
        Public::Is(name, _) if block.get(name) == Attribute::Unknown => Maybe { least: false, most: true },
        Public::Is(name, value) => Maybe::from(reader.text(block, name) == Some(value)),
    };
    let public_ip = if has_public_address(block) || has_public_address(place) { true.into() } else { public_ip };
    let tables = if shape.block.is_empty() { Vec::new() } else { own_tables(reader, block, tables) };
    let vnic = Vnic { places, nsgs, public_ip, tables };
    vnic.placements(false)
}

/// A public address that was given to it later, or by other means.
fn has_public_address(block: &Block<'_, '_>) -> bool {
    matches!(block.get("public_ip"), Attribute::Known(Value::String(text)) if !text.is_empty())
}

/// The subnets of a VNIC, and whether it is in each of them.
#[derive(Default, Clone)]
pub struct Places {
    subnets: Vec<usize>,
    is_among: bool,
}

impl Places {
    pub fn is_empty(&self) -> bool {
        self.subnets.is_empty()
    }

    pub fn extend(&mut self, other: Self) {
        self.subnets.extend(other.subnets);
        self.is_among |= other.is_among;
    }
}

/// What a configuration or a block says of a VNIC.
#[derive(Clone)]
pub struct Vnic {
    pub places: Places,
    pub nsgs: Names,
    pub public_ip: Maybe,
    pub tables: Vec<Variant>,
}

impl Vnic {
    pub fn placements(self, is_candidate: bool) -> Vec<Placement> {
        let Self { places, nsgs, public_ip, tables } = self;
        let is_candidate = is_candidate || places.is_among;
        let placement = |subnet| Placement {
            subnet,
            nsgs: nsgs.clone(),
            public_ip,
            fronts: Vec::new(),
            tables: tables.clone(),
            is_candidate,
        };
        places.subnets.into_iter().map(placement).collect()
    }
}

/// The subnets that an attribute names, one or a list.
pub fn subnets_of<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> Places {
    let instances = |things: Vec<Thing>| things.into_iter().filter_map(Thing::instance).collect();
    match block.get(name) {
        Attribute::Absent => Places::default(),
        Attribute::Unknown if !block.is_configured(name) => Places::default(),
        Attribute::Known(Value::Array(_)) | Attribute::Unknown if name.ends_with('s') => {
            let many = reader.many(block, name, Want::Subnet);
            let is_among = !many.possible.is_empty();
            Places { subnets: instances(many.things.into_iter().chain(many.possible).collect()), is_among }
        }
        _ => match reader.one(block, name, Want::Subnet, LEFT_OUT) {
            Named::Thing(thing) => Places { subnets: instances(vec![thing]), is_among: false },
            Named::Among(things) => Places { subnets: instances(things), is_among: true },
            Named::Absent | Named::Unresolved => Places::default(),
        },
    }
}

/// An instance without `create_vnic_details`, in the older form.
fn plain_instance<'a>(reader: &mut Reader<'_, 'a>, resource: &Block<'_, 'a>) -> Vec<Placement> {
    let places = subnets_of(reader, resource, "subnet_id");
    Vnic { places, nsgs: Names::default(), public_ip: true.into(), tables: Vec::new() }.placements(false)
}

/// How deep blocks are searched for VNICs.
const DEEPEST: usize = 6;

/// VNICs by the usual names of such attributes, in a resource and its blocks;
/// `known` are those that have been read already. Whether they have a public
/// address is not known.
fn by_usual_names<'s, 'a>(reader: &mut Reader<'s, 'a>, resource: &Block<'s, 'a>, known: &[&str]) -> Vec<Placement> {
    let mut found = Vec::new();
    let mut blocks = vec![(resource.clone(), 0)];
    while let Some((block, depth)) = blocks.pop() {
        let mut names: Vec<&str> =
            block.values.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        for usual in ["subnet_id", "subnet_ids"] {
            if !names.contains(&usual) {
                names.push(usual);
            }
        }
        let mut places = Places::default();
        for name in names {
            if depth == 0 && known.contains(&name) {
                continue;
            }
            if name.ends_with("subnet_id") || name.ends_with("subnet_ids") {
                places.extend(subnets_of(reader, &block, name));
            } else if depth < DEEPEST
                && block.values.get(name).is_some_and(|value| value.get(0).is_some_and(Value::is_object))
            {
                blocks.extend(reader.blocks(&block, name).into_iter().map(|inner| (inner, depth + 1)));
            }
        }
        if !places.is_empty() {
            let mut nsgs = Names::default();
            for name in ["nsg_ids", "network_security_group_ids"] {
                let more = reader.addresses(&block, name, Want::Nsg);
                nsgs.certain.extend(more.certain);
                nsgs.possible.extend(more.possible);
            }
            let things = reader.instances(&block, "nsg_id", Want::Nsg, "it is left out");
            nsgs.possible.extend(things.into_iter().map(|at| reader.resolver.address(Thing::Instance(at))));
            let public_ip = public(&block);
            found.extend(Vnic { places, nsgs, public_ip, tables: Vec::new() }.placements(false));
        }
    }
    found
}

/// Whether VNICs of a type that is not known have public addresses.
fn public(block: &Block<'_, '_>) -> Maybe {
    let flag = |name: &&str| match block.get(name) {
        Attribute::Known(Value::Bool(flag)) => Some(*flag),
        _ => None,
    };
    let public = ["assign_public_ip", "is_public_ip_enabled", "is_public"].iter().find_map(flag);
    match (public, flag(&"is_private")) {
        (Some(is_public), _) => is_public.into(),
        (None, Some(is_private)) => Maybe::from(!is_private),
        (None, None) => Maybe { least: false, most: true },
    }
}
