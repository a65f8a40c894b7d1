//! OKE clusters: the subnets of their API endpoints, load balancers, workers
//! and pods, and which of them are not known.

use super::fronts::Fronting;
use super::generated::tag;
use super::groups::{Draft, Placement, settle, spell, spread, wishes};
use super::node_pools::{node_pool, virtual_node_pool};
use crate::audit::document::block::Block;
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::Want;
use crate::audit::references::reader::{Maybe, Names, Reader};
use crate::audit::subject::{Cluster, PodNetworking};
use crate::audit::unplaced::Unplaced;
use crate::contract::oke::{self, API, BACKEND, INTERNAL_LB, LB, WORKER};
use crate::contract::{self, OKE_CLUSTER, TIER_TAG};
use crate::prove::network::{GroupKind, Network};
use crate::role::Role;
use std::collections::{BTreeMap, BTreeSet};

const LEFT_OUT: &str = "its VNICs are left out";
pub const NATIVE: &str = "OCI_VCN_IP_NATIVE";

/// A subnet where VNICs are, or may be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub subnet: usize,
    pub is_candidate: bool,
}

impl Place {
    pub fn with(self, nsgs: Names, public_ip: Maybe) -> Placement {
        let Self { subnet, is_candidate } = self;
        Placement { subnet, nsgs, public_ip, fronts: Vec::new(), tables: Vec::new(), is_candidate }
    }
}

/// The known subnets of VNICs, and the attributes whose subnet is not known.
#[derive(Default)]
pub struct Places {
    pub subnets: BTreeSet<Place>,
    pub nowhere: Vec<String>,
}

/// What is found of a cluster before its groups are made.
#[derive(Default)]
pub struct Found {
    pub native: bool,
    pub has_virtual_nodes: bool,
    /// What its load balancers may forward to its workers.
    pub fronts: Vec<Fronting>,
    /// Each with its role and with the address of what makes it.
    pub placed: Vec<(&'static Role, Placement, String)>,
    unplaced: Vec<Unplaced>,
}

impl Found {
    pub fn place(&mut self, role: &'static Role, placement: Placement, by: &str) {
        self.placed.push((role, placement, by.to_owned()));
    }

    /// Records that there are VNICs of a role whose subnet is not known.
    pub fn unplaced(&mut self, block: &Block<'_, '_>, attribute: &str, role: &'static Role) {
        let (by, attribute) = (block.owner.address.to_owned(), block.path_of(attribute));
        self.unplaced.push(Unplaced { by, attribute, role, cluster: None });
    }
}

pub struct Context<'s> {
    pub network: &'s Network,
    pub widest: &'s Network,
    /// The subnets that could be read, with their names.
    pub subnets: &'s BTreeMap<usize, String>,
}

impl Context<'_> {
    /// The subnets that an attribute may name, of those that could be read.
    pub fn place<'a>(&self, reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> Vec<Place> {
        let mut found = reader.instances(block, name, Want::Subnet, LEFT_OUT);
        let is_candidate = found.len() > 1;
        found.retain(|subnet| self.subnets.contains_key(subnet));
        found.into_iter().map(|subnet| Place { subnet, is_candidate }).collect()
    }

    /// The known subnets that a list may name, and whether those are all.
    pub fn places<'a>(&self, reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> (Vec<Place>, bool) {
        let many = reader.many(block, name, Want::Subnet);
        let certain = many.things.into_iter().map(|thing| (thing, false));
        let (mut found, mut is_whole) = (Vec::new(), many.is_whole);
        for (thing, is_candidate) in certain.chain(many.possible.into_iter().map(|thing| (thing, true))) {
            match thing.instance().filter(|subnet| self.subnets.contains_key(subnet)) {
                Some(subnet) => found.push(Place { subnet, is_candidate }),
                None => is_whole = false,
            }
        }
        (found, is_whole)
    }
}

/// Reads the clusters, adds their groups to the drafts, and gives what could
/// not be placed.
pub fn read<'a>(
    reader: &mut Reader<'_, 'a>,
    context: &Context<'_>,
    drafts: &mut Vec<Draft>,
) -> (Vec<Cluster>, Vec<Unplaced>) {
    let resolver = reader.resolver;
    let mut found: BTreeMap<usize, Found> = BTreeMap::new();
    for (at, instance) in resolver.inventory.of_kind("oci_containerengine_cluster") {
        found.insert(at, cluster(reader, context, instance));
    }
    let mut unplaced = Vec::new();
    for (kind, read) in POOLS {
        for (_, instance) in resolver.inventory.of_kind(kind) {
            let pool = resolver.block(instance);
            let clusters = reader.instances(&pool, "cluster_id", Want::Cluster, LEFT_OUT);
            let cluster = Some(clusters).filter(|clusters| clusters.len() == 1).and_then(|one| one.first().copied());
            if let Some(of) = cluster.and_then(|at| found.get_mut(&at)) {
                read(reader, context, &pool, of);
            } else {
                let (by, attribute) = (instance.address.to_owned(), "cluster_id".to_owned());
                unplaced.push(Unplaced { by, attribute, role: &WORKER, cluster: None });
            }
        }
    }
    let instances = || found.keys().filter_map(|at| resolver.inventory.instance(*at));
    let short = |instance: &Instance<'_>| spell(instance.values, OKE_CLUSTER).map(str::to_owned);
    let mut names = settle(&instances().map(|one| wishes(short(one), one.address)).collect::<Vec<_>>()).into_iter();
    let named = |(at, found): (usize, Found)| {
        let instance = resolver.inventory.instance(at)?;
        let name = names.next()?;
        let address = instance.address;
        let of_cluster = |one| Unplaced { cluster: Some(address.to_owned()), ..one };
        unplaced.extend(found.unplaced.into_iter().map(of_cluster));
        let vnics = |role: &'static Role| {
            let names = [contract::role_group(&name, role)];
            let placed = found.placed.iter().filter(|(of, ..)| *of == role);
            let placed: Vec<_> = placed.map(|(_, placement, by)| (placement.clone(), by.clone())).collect();
            let first = drafts.len();
            drafts.extend(spread(&names, GroupKind::Role, &placed, context.subnets));
            (role, (first..drafts.len()).collect())
        };
        let vnics = oke::ALL.map(vnics).into();
        Some(Cluster {
            name: name.clone(),
            address: address.to_owned(),
            is_generated: spell(instance.values, OKE_CLUSTER).is_some(),
            pod_networking: if found.native { PodNetworking::VcnNative } else { PodNetworking::Overlay },
            has_virtual_nodes: found.has_virtual_nodes,
            mapped: Vec::new(),
            needs: tag(instance, contract::NEEDS_TAG).map(str::to_owned),
            vnics,
        })
    };
    let clusters = found.into_iter().filter_map(named).collect();
    unplaced.sort_by(|a, b| a.order().cmp(&b.order()));
    unplaced.dedup();
    (clusters, unplaced)
}

type ReadPool = for<'s, 'a> fn(&mut Reader<'s, 'a>, &Context<'_>, &Block<'s, 'a>, &mut Found);

const POOLS: [(&str, ReadPool); 2] =
    [("oci_containerengine_node_pool", node_pool), ("oci_containerengine_virtual_node_pool", virtual_node_pool)];

fn cluster<'s, 'a>(reader: &mut Reader<'s, 'a>, context: &Context<'_>, instance: &'s Instance<'a>) -> Found {
    let cluster = reader.resolver.block(instance);
    let by = instance.address.to_owned();
    let mut found = Found::default();
    for options in reader.blocks(&cluster, "cluster_pod_network_options") {
        found.native |= reader.text(&options, "cni_type") == Some(NATIVE);
    }
    let endpoints = reader.blocks(&cluster, "endpoint_config");
    if endpoints.is_empty() {
        reader.note(&cluster, "endpoint_config", "it is not set: the API endpoint is in no subnet that can be seen");
        found.unplaced(&cluster, "endpoint_config", &API);
    }
    for endpoint in endpoints {
        let nsgs = reader.addresses(&endpoint, "nsg_ids", Want::Nsg);
        let public_ip = reader.maybe(&endpoint, "is_public_ip_enabled", false);
        let places = context.place(reader, &endpoint, "subnet_id");
        if places.is_empty() {
            found.unplaced(&endpoint, "subnet_id", &API);
        }
        for place in places {
            found.place(&API, place.with(nsgs.clone(), public_ip), &by);
        }
    }
    for options in reader.blocks(&cluster, "options") {
        let (subnets, is_whole) = context.places(reader, &options, "service_lb_subnet_ids");
        if !is_whole {
            found.unplaced(&options, "service_lb_subnet_ids", &LB);
        }
        for place in subnets {
            found.fronts.extend(Fronting::to_node_ports(place.subnet, !place.is_candidate));
            // Then their NSGs, too, are the cloud controller's.
            if load_balancer_nsg(reader, instance, place.subnet, &BACKEND).is_some() {
                continue;
            }
            let internal = load_balancer_nsg(reader, instance, place.subnet, &INTERNAL_LB);
            let (role, nsg) = match load_balancer_nsg(reader, instance, place.subnet, &LB) {
                None if internal.is_some() => (&INTERNAL_LB, internal),
                nsg => (&LB, nsg),
            };
            let public_ip = allows_public_ips(reader, context, place.subnet);
            let nsgs = Names { certain: nsg.into_iter().collect(), possible: Vec::new() };
            found.place(role, place.with(nsgs, public_ip), &by);
        }
    }
    let has_internal = found.placed.iter().any(|(role, ..)| *role == &INTERNAL_LB);
    if let Some((place, nsg)) = internal_balancers(reader, context, instance).filter(|_| !has_internal) {
        let nsgs = Names { certain: vec![nsg], possible: Vec::new() };
        found.place(&INTERNAL_LB, place.with(nsgs, false.into()), &by);
    }
    found
}

/// Where cloudspells puts internal load balancers: in the private subnet of the
/// VCN of their NSG.
fn internal_balancers<'a>(
    reader: &Reader<'_, 'a>,
    context: &Context<'_>,
    cluster: &Instance<'a>,
) -> Option<(Place, String)> {
    let is_private = |at: &&usize| {
        let subnet = reader.resolver.inventory.instance(**at);
        subnet.is_some_and(|subnet| tag(subnet, TIER_TAG) == Some(INTERNAL_LB.tier.word()))
    };
    context.subnets.keys().filter(is_private).find_map(|at| {
        let nsg = load_balancer_nsg(reader, cluster, *at, &INTERNAL_LB)?;
        Some((Place { subnet: *at, is_candidate: false }, nsg))
    })
}

/// The NSG that cloudspells made for a role of a cluster of its own, which no
/// attribute names: load balancers have theirs by annotation.
fn load_balancer_nsg<'a>(
    reader: &Reader<'_, 'a>,
    cluster: &Instance<'a>,
    subnet: usize,
    role: &Role,
) -> Option<String> {
    let resolver = reader.resolver;
    let name = spell(cluster.values, OKE_CLUSTER)?;
    let display_name = contract::nsg_display_name(name, role);
    let vcn = resolver.vcn_of(resolver.inventory.instance(subnet)?)?;
    let mut fitting = resolver.inventory.of_kind("oci_core_network_security_group").filter(|(_, nsg)| {
        nsg.module == cluster.module
            && nsg.text("display_name") == Some(&display_name)
            && spell(nsg.values, OKE_CLUSTER) == Some(name)
            && resolver.vcn_of(nsg) == Some(vcn)
    });
    let (_, only) = fitting.next()?;
    fitting.next().is_none().then(|| only.address.to_owned())
}

pub fn allows_public_ips(reader: &Reader<'_, '_>, context: &Context<'_>, subnet: usize) -> Maybe {
    let address = reader.resolver.inventory.instance(subnet).map_or("", |instance| instance.address);
    let allows = |network: &Network| network.subnets.get(address).is_some_and(|subnet| subnet.public_ips);
    Maybe { least: allows(context.network), most: allows(context.widest) }
}
