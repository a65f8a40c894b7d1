//! The node pools of clusters: where their nodes and pods are.

use super::clusters::{Context, Found, NATIVE, Place, Places, allows_public_ips};
use super::generated::{is_hidden, tag};
use super::groups::{Placement, spell};
use crate::audit::document::block::{Attribute, Block, Blocks};
use crate::audit::document::kind::Want;
use crate::audit::references::reader::{Names, Reader};
use crate::contract::oke::{API, POD, WORKER};
use crate::contract::{self, OKE_CLUSTER, oke};
use crate::prove::May;
use crate::tier::Tier;
use serde_json::Value;

pub fn node_pool<'s, 'a>(reader: &mut Reader<'s, 'a>, context: &Context<'_>, pool: &Block<'s, 'a>, found: &mut Found) {
    let by = pool.owner.address.to_owned();
    let cluster_is_native = found.native;
    let (mut workers, mut has_pods) = (Places::default(), false);
    let mut nsgs = Names::default();
    for details in reader.blocks(pool, "node_config_details") {
        let more = reader.addresses(&details, "nsg_ids", Want::Nsg);
        nsgs.certain.extend(more.certain);
        nsgs.possible.extend(more.possible);
        let mut pods = Vec::new();
        for options in reader.blocks(&details, "node_pool_pod_network_option_details") {
            has_pods = true;
            if reader.text(&options, "cni_type") != Some(NATIVE) {
                continue;
            }
            found.native = true;
            let nsgs = reader.addresses(&options, "pod_nsg_ids", Want::Nsg);
            let (subnets, is_whole) = context.places(reader, &options, "pod_subnet_ids");
            if subnets.is_empty() || !is_whole {
                found.unplaced(&options, "pod_subnet_ids", &POD);
            }
            pods = subnets;
            // Pods have no public addresses, wherever they are.
            for place in &pods {
                found.place(&POD, place.with(nsgs.clone(), false.into()), &by);
            }
        }
        let chosen = Tier::EVERY.into_iter().find(|tier| tag(pool.owner, oke::SUBNET_TAG) == Some(tier.word()));
        let near = match chosen {
            Some(tier) => (tier_subnets(reader, context, found, tier), "the tier that the pool's tag names"),
            None if pods.is_empty() => (tier_subnets(reader, context, found, WORKER.tier), "the tier of workers"),
            None => (pods, "the subnet of their pods"),
        };
        worker_subnets(reader, context, &details, "placement_configs", near, &mut workers);
    }
    if cluster_is_native && !has_pods {
        found.unplaced(pool, "node_config_details", &POD);
    }
    // The attribute that node pools had before `node_config_details`.
    if workers.subnets.is_empty() && matches!(pool.get("subnet_ids"), Attribute::Known(Value::Array(_))) {
        let (subnets, is_whole) = context.places(reader, pool, "subnet_ids");
        workers.subnets.extend(subnets);
        if !is_whole {
            workers.nowhere.push("subnet_ids".to_owned());
        }
    }
    if workers.subnets.is_empty() && workers.nowhere.is_empty() {
        workers.nowhere.push("node_config_details".to_owned());
    }
    for attribute in workers.nowhere {
        found.unplaced(pool, &attribute, &WORKER);
    }
    for place in workers.subnets {
        let public_ip = allows_public_ips(reader, context, place.subnet);
        let placement = Placement { fronts: found.fronts.clone(), ..place.with(nsgs.clone(), public_ip) };
        found.place(&WORKER, placement, &by);
    }
    for vnic in reader.blocks(pool, "secondary_vnics") {
        for details in reader.blocks(&vnic, "create_vnic_details") {
            let nsgs = reader.addresses(&details, "nsg_ids", Want::Nsg);
            let public_ip = reader.maybe(&details, "assign_public_ip", true);
            let places = context.place(reader, &details, "subnet_id");
            if places.is_empty() {
                found.unplaced(&details, "subnet_id", &WORKER);
            }
            for place in places {
                found.place(&WORKER, place.with(nsgs.clone(), public_ip), &format!("{by} secondary_vnics"));
            }
        }
    }
}

/// Of a cluster that cloudspells generated, the subnet of a tier in the VCN of its
/// endpoint.
fn tier_subnets(reader: &Reader<'_, '_>, context: &Context<'_>, found: &Found, tier: Tier) -> Vec<Place> {
    let resolver = reader.resolver;
    let vcn = |subnet: usize| resolver.inventory.instance(subnet).and_then(|subnet| resolver.vcn_of(subnet));
    let home = found.placed.iter().find(|(role, ..)| *role == &API).and_then(|(_, place, _)| vcn(place.subnet));
    let of_tier = context.subnets.iter().filter(|(_, name)| contract::is_tier_group(name, tier));
    let of_tier = of_tier.filter(|(subnet, _)| home.is_some() && vcn(**subnet) == home);
    of_tier.map(|(subnet, _)| Place { subnet: *subnet, is_candidate: false }).collect()
}

/// The subnets that a pool's nodes are spread over.
fn worker_subnets<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    context: &Context<'_>,
    details: &Block<'s, 'a>,
    name: &str,
    (near, is_where): (Vec<Place>, &str),
    workers: &mut Places,
) {
    let is_ours = spell(details.owner.values, OKE_CLUSTER).is_some();
    if is_ours && is_hidden(details, name, "subnet_id") && !near.is_empty() {
        // cloudspells writes them as a `dynamic` block over the region's
        // availability domains, and puts nodes where it puts their pods, or, if
        // these have no VNICs, in the tier of workers; where a spec chose a tier,
        // a tag of the pool names it.
        // The tags say that it did: this is no guess.
        let why = format!(
            "a plan's JSON leaves out the expressions of a `dynamic` block; as cloudspells generates node pools, the \
             nodes are assumed to be in {is_where}"
        );
        reader.note_as(details, name, why, May::Nothing);
        workers.subnets.extend(near);
        return;
    }
    let placements = match details.blocks(name) {
        Blocks::Unknown => {
            reader.note(details, name, "the subnets of the nodes are known only after the apply");
            Vec::new()
        }
        _ => reader.blocks(details, name),
    };
    if placements.is_empty() {
        workers.nowhere.push(details.path_of(name));
    }
    for placement in placements {
        let places = context.place(reader, &placement, "subnet_id");
        if places.is_empty() {
            workers.nowhere.push(placement.path_of("subnet_id"));
        }
        workers.subnets.extend(places);
    }
}

pub fn virtual_node_pool<'s, 'a>(
    reader: &mut Reader<'s, 'a>,
    context: &Context<'_>,
    pool: &Block<'s, 'a>,
    found: &mut Found,
) {
    let by = pool.owner.address.to_owned();
    found.native = true;
    found.has_virtual_nodes = true;
    let nsgs = reader.addresses(pool, "nsg_ids", Want::Nsg);
    let configurations = reader.blocks(pool, "pod_configuration");
    let pods = configurations.iter().flat_map(|pods| context.place(reader, pods, "subnet_id")).collect();
    let mut nodes = Places::default();
    let near = (pods, "the subnet of their pods");
    worker_subnets(reader, context, pool, "placement_configurations", near, &mut nodes);
    for attribute in nodes.nowhere {
        found.unplaced(pool, &attribute, &WORKER);
    }
    for place in nodes.subnets {
        let public_ip = allows_public_ips(reader, context, place.subnet);
        found.place(&WORKER, place.with(nsgs.clone(), public_ip), &by);
    }
    if configurations.is_empty() {
        found.unplaced(pool, "pod_configuration", &POD);
    }
    for pods in configurations {
        let nsgs = reader.addresses(&pods, "nsg_ids", Want::Nsg);
        let places = context.place(reader, &pods, "subnet_id");
        if places.is_empty() {
            found.unplaced(&pods, "subnet_id", &POD);
        }
        for place in places {
            found.place(&POD, place.with(nsgs.clone(), false.into()), &by);
        }
    }
}
