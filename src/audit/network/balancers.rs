//! Network load balancers of the files: to which instances and instance pools
//! they forward from the internet with the address of the client. Those that a
//! cluster makes for its Services are in no file.

use super::fronts::Fronting;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Maybe, Reader};
use crate::audit::references::resolve::Single;
use crate::prove::network::{Ports, Traffic};
use crate::prove::{Concerns, May};
use serde_json::Value;
use std::collections::BTreeMap;

const BALANCER: &str = "oci_network_load_balancer_network_load_balancer";
const BACKEND_SET: &str = "oci_network_load_balancer_backend_set";
const LISTENER: &str = "oci_network_load_balancer_listener";
const BACKEND: &str = "oci_network_load_balancer_backend";
const INSTANCE_POOL: &str = "oci_core_instance_pool";

/// What is forwarded to an instance or a pool, by its place in the inventory.
pub type Fronts = BTreeMap<usize, Vec<Fronting>>;

struct Balancer {
    /// Each with whether it is certain.
    subnets: Vec<(usize, bool)>,
    is_public: Maybe,
    keeps_both: Maybe,
}

/// A backend set of some load balancer, as a resource names it.
struct Set<'a> {
    balancers: Vec<usize>,
    is_certain: bool,
    /// Its name, where that is known.
    name: Option<&'a str>,
}

impl Set<'_> {
    /// Whether two resources mean the same set of a load balancer.
    fn meets(&self, other: &Self, of: usize) -> Maybe {
        let has = self.balancers.contains(&of) && other.balancers.contains(&of);
        let (same, known) = match (self.name, other.name) {
            (Some(a), Some(b)) => (a == b, true),
            _ => (true, false),
        };
        Maybe { least: has && same && known && self.is_certain && other.is_certain, most: has && same }
    }
}

/// What the load balancers of the files are like.
struct Balancers<'a> {
    all: BTreeMap<usize, Balancer>,
    sets: Vec<(Set<'a>, Maybe)>,
    listeners: Vec<(Set<'a>, Option<&'a str>)>,
}

pub fn read(reader: &mut Reader<'_, '_>) -> Fronts {
    let resolver = reader.resolver;
    let balancers = balancers(reader);
    let mut fronts = Fronts::new();
    for (_, instance) in resolver.inventory.of_kind(BACKEND) {
        let block = resolver.block(instance);
        let set = set(reader, &block, "network_load_balancer_id", "backend_set_name");
        let (targets, is_certain) = match resolver.one(&block, "target_id", Want::Instance) {
            Single::Certain(thing) => (vec![thing], true),
            Single::Among { things, is_all: true, .. } => (things, false),
            Single::Absent | Single::Among { .. } | Single::Unresolved(_) => (Vec::new(), false),
        };
        let mut forwarded = balancers.forwarded(&set, port(&block));
        if targets.is_empty() && !forwarded.is_empty() {
            reader.about(Concerns::Everything);
            let why = "a network load balancer forwards to it with its clients' addresses; which VNIC here it is, is not said";
            reader.note_as(&block, "target_id", why, May::Open);
        }
        forwarded.iter_mut().for_each(|one| one.is_certain &= is_certain);
        for at in targets.into_iter().filter_map(Thing::instance) {
            add(reader, &block, "target_id", at, &forwarded, &mut fronts);
        }
    }
    for (at, instance) in resolver.inventory.of_kind(INSTANCE_POOL) {
        reader.about(Concerns::Group(instance.address.to_owned()));
        let pool = resolver.block(instance);
        for block in reader.blocks(&pool, "load_balancers") {
            let set = set(reader, &block, "load_balancer_id", "backend_set_name");
            let forwarded = balancers.forwarded(&set, port(&block));
            add(reader, &block, "load_balancer_id", at, &forwarded, &mut fronts);
        }
    }
    reader.about(Concerns::Everything);
    fronts
}

/// Adds what is forwarded to an instance or a pool, and says where that is not
/// certain.
fn add<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    attribute: &str,
    to: usize,
    forwarded: &[Fronting],
    fronts: &mut Fronts,
) {
    let Some(target) = reader.resolver.inventory.instance(to) else { return };
    if forwarded.iter().any(|one| !one.is_certain) {
        reader.about(Concerns::Group(target.address.to_owned()));
        let why = "whether a network load balancer forwards to it from the internet with its clients' addresses is not known; both are possible";
        reader.note_as(block, attribute, why, May::Nothing);
    }
    fronts.entry(to).or_default().extend_from_slice(forwarded);
}

fn balancers<'a>(reader: &mut Reader<'_, 'a>) -> Balancers<'a> {
    let resolver = reader.resolver;
    let (mut all, mut sets, mut listeners) = (BTreeMap::new(), Vec::new(), Vec::new());
    for (at, instance) in resolver.inventory.of_kind(BALANCER) {
        reader.about(Concerns::Group(instance.address.to_owned()));
        let block = resolver.block(instance);
        let subnets = match resolver.one(&block, "subnet_id", Want::Subnet) {
            Single::Certain(thing) => vec![(thing, true)],
            Single::Among { things, .. } => things.into_iter().map(|thing| (thing, false)).collect(),
            Single::Absent | Single::Unresolved(_) => Vec::new(),
        };
        let subnets = subnets.into_iter().filter_map(|(thing, is_certain)| Some((thing.instance()?, is_certain)));
        let is_public = !reader.maybe(&block, "is_private", false);
        let keeps_both = reader.maybe(&block, "is_preserve_source_destination", false);
        all.insert(at, Balancer { subnets: subnets.collect(), is_public, keeps_both });
    }
    reader.about(Concerns::Everything);
    for (_, instance) in resolver.inventory.of_kind(BACKEND_SET) {
        let block = resolver.block(instance);
        let set = set(reader, &block, "network_load_balancer_id", "name");
        let keeps = reader.maybe(&block, "is_preserve_source", true);
        sets.push((set, keeps));
    }
    for (_, instance) in resolver.inventory.of_kind(LISTENER) {
        let block = resolver.block(instance);
        let set = set(reader, &block, "network_load_balancer_id", "default_backend_set_name");
        listeners.push((set, text(&block, "protocol")));
    }
    Balancers { all, sets, listeners }
}

/// The backend set that a resource or block is of. One of another kind of load
/// balancer is of none here.
fn set<'a>(reader: &Reader<'_, 'a>, block: &Block<'_, 'a>, balancer: &str, name: &str) -> Set<'a> {
    let inventory = &reader.resolver.inventory;
    let (things, is_certain) = match reader.resolver.one(block, balancer, Want::LoadBalancer) {
        Single::Certain(thing) => (vec![thing], true),
        Single::Among { things, .. } => (things, false),
        Single::Absent | Single::Unresolved(_) => (Vec::new(), false),
    };
    let is_network = |at: &usize| inventory.instance(*at).is_some_and(|one| one.kind == BALANCER);
    let balancers = things.into_iter().filter_map(Thing::instance).filter(is_network).collect();
    Set { balancers, is_certain, name: text(block, name) }
}

fn text<'a>(block: &Block<'_, 'a>, name: &str) -> Option<&'a str> {
    match block.get(name) {
        Attribute::Known(value) => value.as_str(),
        Attribute::Absent | Attribute::Unknown => None,
    }
}

/// The port of a backend, where it is known; 0 is any.
fn port(block: &Block<'_, '_>) -> Option<u16> {
    match block.get("port") {
        Attribute::Known(Value::Number(number)) => u16::try_from(number.as_u64()?).ok(),
        _ => None,
    }
}

impl Balancers<'_> {
    /// What reaches the backends of a set with the addresses of clients on the
    /// internet.
    fn forwarded(&self, set: &Set<'_>, port: Option<u16>) -> Vec<Fronting> {
        let mut found = Vec::new();
        for at in &set.balancers {
            let Some(balancer) = self.all.get(at) else { continue };
            let sets = self.sets.iter().map(|(other, keeps)| (set.meets(other, *at), *keeps));
            let sets: Vec<_> = sets.filter(|(meets, _)| meets.most).collect();
            let least = sets.iter().any(|(meets, _)| meets.least) && sets.iter().all(|(_, keeps)| keeps.least);
            // Which one it is, is not here: unless told otherwise it does.
            let most = sets.is_empty() || sets.iter().any(|(_, keeps)| keeps.most);
            let keeps = Maybe { least: least || balancer.keeps_both.least, most: most || balancer.keeps_both.most };
            if !keeps.most || !balancer.is_public.most {
                continue;
            }
            let listeners = self.listeners.iter().map(|(other, protocol)| (set.meets(other, *at), *protocol));
            let mut listeners: Vec<_> = listeners.filter(|(meets, _)| meets.most).collect();
            if listeners.is_empty() {
                listeners.push((Maybe { least: false, most: true }, None));
            }
            for (meets, protocol) in listeners {
                for traffic in forwards(protocol, port) {
                    for (subnet, is_certain) in &balancer.subnets {
                        let is_known = protocol.is_some() && port.is_some();
                        let is_certain = *is_certain && is_known && meets.least;
                        let is_certain = is_certain && keeps.least && balancer.is_public.least;
                        found.push(Fronting { subnet: *subnet, traffic, is_certain });
                    }
                }
            }
        }
        found
    }
}

/// What a listener of a protocol forwards to a backend's port.
fn forwards(protocol: Option<&str>, port: Option<u16>) -> Vec<Traffic> {
    let source = Ports { min: 0, max: u16::MAX };
    let destination = match port {
        None | Some(0) => source,
        Some(port) => Ports { min: port, max: port },
    };
    let (tcp, udp) = (Traffic::Tcp { source, destination }, Traffic::Udp { source, destination });
    match protocol {
        Some("TCP") => vec![tcp],
        Some("UDP") => vec![udp],
        Some("TCP_AND_UDP" | "ANY") => vec![tcp, udp],
        // `L3IP`, or not known.
        _ => vec![Traffic::All],
    }
}
