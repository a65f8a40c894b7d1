//! OKE clusters: where their API endpoints, load balancers, workers and pods
//! have VNICs.

use super::block::{Attribute, Block, Blocks, Source};
use super::groups::{Draft, Placement, settle, spell, spread, wishes};
use super::inventory::Instance;
use super::kind::{Thing, Want};
use super::reader::Reader;
use super::{Cluster, PodNetworking};
use crate::prove::network::{GroupKind, Network};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const LEFT_OUT: &str = "its VNICs are left out";
const NATIVE: &str = "OCI_VCN_IP_NATIVE";

/// Placements, each with the address of what makes it.
type Placed = Vec<(Placement, String)>;

/// What is found of a cluster before its groups are made.
#[derive(Default)]
struct Found {
    native: bool,
    api: Placed,
    lb: Placed,
    worker: Placed,
    pod: Placed,
}

pub struct Context<'s> {
    pub network: &'s Network,
    /// The subnets that could be read, with their names.
    pub subnets: &'s BTreeMap<usize, String>,
}

/// The clusters, whose groups are added to the drafts.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, context: &Context<'_>, drafts: &mut Vec<Draft>) -> Vec<Cluster> {
    let resolver = reader.resolver;
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for (at, instance) in resolver.inventory.of_kind("oci_containerengine_cluster") {
        found.insert(at, cluster(reader, context, instance));
    }
    for (_, instance) in resolver.inventory.of_kind("oci_containerengine_node_pool") {
        let pool = resolver.block(instance);
        if let Some(of) =
            reader.instance(&pool, "cluster_id", Want::Cluster, LEFT_OUT).and_then(|at| found.get_mut(&at))
        {
            node_pool(reader, context, &pool, of);
        }
    }
    for (_, instance) in resolver.inventory.of_kind("oci_containerengine_virtual_node_pool") {
        let pool = resolver.block(instance);
        if let Some(of) =
            reader.instance(&pool, "cluster_id", Want::Cluster, LEFT_OUT).and_then(|at| found.get_mut(&at))
        {
            virtual_node_pool(reader, context, &pool, of);
        }
    }
    let instances = || found.keys().filter_map(|at| resolver.inventory.instance(*at));
    let short = |instance: &Instance<'_>| spell(instance.values, "oke-cluster").map(str::to_owned);
    let mut names = settle(&instances().map(|one| wishes(short(one), one.address)).collect::<Vec<_>>()).into_iter();
    let named = |(at, found): (usize, Found)| {
        let instance = resolver.inventory.instance(at)?;
        let name = names.next()?;
        let mut role = |role: &str, placed: &Placed| -> Vec<usize> {
            let names = [format!("{name}.{role}")];
            let first = drafts.len();
            drafts.extend(spread(&names, GroupKind::Role, placed, context.subnets));
            (first..drafts.len()).collect()
        };
        Some(Cluster {
            name: name.clone(),
            address: instance.address.to_owned(),
            pod_networking: if found.native { PodNetworking::VcnNative } else { PodNetworking::Overlay },
            api: role("api", &found.api),
            lb: role("lb", &found.lb),
            worker: role("worker", &found.worker),
            pod: role("pod", &found.pod),
        })
    };
    found.into_iter().filter_map(named).collect()
}

fn cluster<'s, 'a>(reader: &mut Reader<'s, 'a>, context: &Context<'_>, instance: &'s Instance<'a>) -> Found {
    let cluster = reader.resolver.block(instance);
    let by = instance.address.to_owned();
    let mut found = Found::default();
    for options in reader.blocks(&cluster, "cluster_pod_network_options") {
        found.native |= reader.text(&options, "cni_type") == Some(NATIVE);
    }
    let endpoints = reader.blocks(&cluster, "endpoint_config");
    if endpoints.is_empty() {
        reader.note(&cluster, "endpoint_config", "it has none: its API endpoint is in no subnet that can be seen");
    }
    for endpoint in endpoints {
        let nsgs = reader.addresses(&endpoint, "nsg_ids", Want::Nsg);
        let public_ip = reader.flag(&endpoint, "is_public_ip_enabled", false, true);
        if let Some(subnet) = reader.instance(&endpoint, "subnet_id", Want::Subnet, LEFT_OUT) {
            found.api.push((Placement { subnet, nsgs, public_ip }, by.clone()));
        }
    }
    for options in reader.blocks(&cluster, "options") {
        for subnet in instances(reader.many(&options, "service_lb_subnet_ids", Want::Subnet)) {
            let nsgs = load_balancer_nsg(reader, instance, subnet).into_iter().collect();
            let public_ip = allows_public_ips(reader, context, subnet);
            found.lb.push((Placement { subnet, nsgs, public_ip }, by.clone()));
        }
    }
    found
}

/// The NSG that cloudspells made for the load balancers of a cluster of its
/// own, to be named in their annotations.
fn load_balancer_nsg<'a>(reader: &Reader<'_, 'a>, cluster: &Instance<'a>, subnet: usize) -> Option<String> {
    let resolver = reader.resolver;
    let name = spell(cluster.values, "oke-cluster")?;
    let display_name = format!("{name}-lb-nsg");
    let vcn = resolver.vcn_of(resolver.inventory.instance(subnet)?)?;
    let mut fitting = resolver.inventory.of_kind("oci_core_network_security_group").filter(|(_, nsg)| {
        nsg.module == cluster.module
            && nsg.text("display_name") == Some(&display_name)
            && spell(nsg.values, "oke-cluster") == Some(name)
            && resolver.vcn_of(nsg) == Some(vcn)
    });
    let (_, only) = fitting.next()?;
    fitting.next().is_none().then(|| only.address.to_owned())
}

fn node_pool<'s, 'a>(reader: &mut Reader<'s, 'a>, context: &Context<'_>, pool: &Block<'s, 'a>, found: &mut Found) {
    let by = pool.owner.address.to_owned();
    let mut workers = BTreeSet::new();
    let mut nsgs = Vec::new();
    for details in reader.blocks(pool, "node_config_details") {
        nsgs.extend(reader.addresses(&details, "nsg_ids", Want::Nsg));
        let mut pods = Vec::new();
        for options in reader.blocks(&details, "node_pool_pod_network_option_details") {
            if reader.text(&options, "cni_type") != Some(NATIVE) {
                continue;
            }
            found.native = true;
            let nsgs = reader.addresses(&options, "pod_nsg_ids", Want::Nsg);
            pods = instances(reader.many(&options, "pod_subnet_ids", Want::Subnet));
            // Pods have no public addresses, wherever they are.
            let place =
                |subnet: &usize| (Placement { subnet: *subnet, nsgs: nsgs.clone(), public_ip: false }, by.clone());
            found.pod.extend(pods.iter().map(place));
        }
        workers.extend(worker_subnets(reader, &details, &pods));
    }
    // Before there was node_config_details.
    if workers.is_empty() && matches!(pool.get("subnet_ids"), Attribute::Known(Value::Array(_))) {
        workers.extend(instances(reader.many(pool, "subnet_ids", Want::Subnet)));
    }
    for subnet in workers {
        let public_ip = allows_public_ips(reader, context, subnet);
        found.worker.push((Placement { subnet, nsgs: nsgs.clone(), public_ip }, by.clone()));
    }
    for vnic in reader.blocks(pool, "secondary_vnics") {
        for details in reader.blocks(&vnic, "create_vnic_details") {
            let nsgs = reader.addresses(&details, "nsg_ids", Want::Nsg);
            let public_ip = reader.flag(&details, "assign_public_ip", true, true);
            if let Some(subnet) = reader.instance(&details, "subnet_id", Want::Subnet, LEFT_OUT) {
                found.worker.push((Placement { subnet, nsgs, public_ip }, format!("{by} secondary_vnics")));
            }
        }
    }
}

/// The subnets that a pool's nodes are spread over.
fn worker_subnets<'s, 'a>(reader: &mut Reader<'s, 'a>, details: &Block<'s, 'a>, pods: &[usize]) -> BTreeSet<usize> {
    let is_ours = spell(details.owner.values, "oke-cluster").is_some();
    let is_hidden = match details.blocks("placement_configs") {
        Blocks::Unknown => true,
        Blocks::Known(placements) => placements.iter().any(|placement| {
            placement.get("subnet_id") == Attribute::Unknown && matches!(placement.source, Source::Hidden)
        }),
    };
    if is_ours && is_hidden && !pods.is_empty() {
        // cloudspells writes them as a `dynamic` block over the region's
        // availability domains, and puts nodes where it puts their pods.
        reader.note(
            details,
            "placement_configs",
            "a plan's JSON leaves out the expressions of a `dynamic` block; as cloudspells generates node pools, the \
             nodes are taken to be in the subnet of their pods",
        );
        return pods.iter().copied().collect();
    }
    let mut subnets = BTreeSet::new();
    if let Blocks::Unknown = details.blocks("placement_configs") {
        reader.note(details, "placement_configs", "the subnets of the nodes are known only after the apply");
        return subnets;
    }
    for placement in reader.blocks(details, "placement_configs") {
        subnets.extend(reader.instance(&placement, "subnet_id", Want::Subnet, LEFT_OUT));
    }
    subnets
}

fn virtual_node_pool<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    context: &Context<'_>,
    pool: &Block<'s, 'a>,
    found: &mut Found,
) {
    let by = pool.owner.address.to_owned();
    found.native = true;
    let nsgs = reader.addresses(pool, "nsg_ids", Want::Nsg);
    for placement in reader.blocks(pool, "placement_configurations") {
        if let Some(subnet) = reader.instance(&placement, "subnet_id", Want::Subnet, LEFT_OUT) {
            let public_ip = allows_public_ips(reader, context, subnet);
            found.worker.push((Placement { subnet, nsgs: nsgs.clone(), public_ip }, by.clone()));
        }
    }
    for pods in reader.blocks(pool, "pod_configuration") {
        let nsgs = reader.addresses(&pods, "nsg_ids", Want::Nsg);
        if let Some(subnet) = reader.instance(&pods, "subnet_id", Want::Subnet, LEFT_OUT) {
            found.pod.push((Placement { subnet, nsgs, public_ip: false }, by.clone()));
        }
    }
}

fn allows_public_ips(reader: &Reader<'_, '_>, context: &Context<'_>, subnet: usize) -> bool {
    let address = reader.resolver.inventory.instance(subnet).map_or("", |instance| instance.address);
    context.network.subnets.get(address).is_some_and(|subnet| subnet.public_ips)
}

fn instances(things: Vec<Thing>) -> Vec<usize> {
    let instance = |thing| match thing {
        Thing::Instance(at) => Some(at),
        Thing::DefaultList(_) | Thing::DefaultTable(_) => None,
    };
    things.into_iter().filter_map(instance).collect()
}
