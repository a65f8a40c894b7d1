//! The model of an audited network: which flows are required of it. Those are
//! the flows of each cluster, and of the tiers of a stack that cloudspells
//! generated.

mod foreign;
mod mapping;

use crate::audit::{Cluster, Subject};
use crate::contract::{self, oke::API};
use crate::prove::network::{self, Direction, Endpoint, Group, GroupKind, SecurityRule, Traffic};
use crate::prove::{Engine, Model};
use crate::rule::Peer;
use crate::spells::{CLUSTER_FLOWS, tier_flows};
use crate::tier::Tier;
use ipnet::Ipv4Net;

pub use mapping::Mapping;

impl Subject {
    /// The network, with the flows that its clusters require.
    pub fn into_model(self) -> Model {
        model(self)
    }
}

fn model(subject: Subject) -> Model {
    let unjudged = subject.unjudged();
    let more = foreign::unknowns(&subject);
    let Subject { network, widest, clusters, mut unknowns, .. } = subject;
    unknowns.extend(more);
    unknowns.sort();
    let engine = Engine::new(&network);
    let mut flows = Vec::new();
    for vcn in network.vcns.keys() {
        flows.extend(tier_flows(&network, |tier| of_tier(&engine, vcn, tier)));
    }
    let most = widest.as_ref().map(Engine::new);
    for cluster in &clusters {
        // Of rules that are not known to be there the clients are not known to
        // be intended, unless there are no others.
        let clients = match (clients(&engine, cluster), &most) {
            (known, Some(most)) if known.is_empty() => clients(most, cluster),
            (known, _) => known,
        };
        let home = home(&engine, cluster);
        let find = |peer| match peer {
            Peer::Nsg(role) => endpoints(cluster.of(role)),
            Peer::Subnet(tier) => home.and_then(|vcn| of_tier(&engine, vcn, tier)).into_iter().collect(),
            _ => Vec::new(),
        };
        let needed = CLUSTER_FLOWS.iter().flat_map(|requirement| requirement.flows(&clients, find));
        flows.extend(needed.flat_map(|flow| foreign::asked(&engine, cluster, flow)));
    }
    Model { network, widest, flows, unknowns, unjudged }
}

/// Where the Kubernetes API server listens.
const API_PORT: u16 = 6443;

/// The intended clients of an API endpoint: those that its NSGs admit, or, if
/// it has no NSG, those that its security lists admit.
fn clients(engine: &Engine<'_>, cluster: &Cluster) -> Vec<Ipv4Net> {
    let groups = cluster.of(&API).iter().filter_map(|index| engine.network.groups.get(*index));
    let nsgs: Vec<_> = groups.flat_map(|group| &group.nsgs).collect();
    if nsgs.is_empty() {
        return engine.internet_clients(&endpoints(cluster.of(&API)), API_PORT);
    }
    let rules = nsgs.into_iter().filter_map(|nsg| engine.network.nsgs.get(nsg)).flatten();
    rules.filter_map(client).collect()
}

/// The CIDR from which a rule admits the API server's port.
fn client(rule: &SecurityRule) -> Option<Ipv4Net> {
    let is_api = match rule.traffic {
        Traffic::All => true,
        Traffic::Tcp { destination, .. } => (destination.min..=destination.max).contains(&API_PORT),
        _ => false,
    };
    match (rule.direction, &rule.peer) {
        (Direction::Ingress, network::Peer::Cidr(net)) if is_api => Some(*net),
        _ => None,
    }
}

fn endpoints(groups: &[usize]) -> Vec<Endpoint> {
    groups.iter().copied().map(Endpoint::Group).collect()
}

/// The other VNICs of a tier's subnet in a VCN. Only generated stacks have
/// tiers.
fn of_tier(engine: &Engine<'_>, vcn: &str, tier: Tier) -> Option<Endpoint> {
    let is_tier = |group: &Group| {
        let in_vcn = engine.network.subnets.get(&group.subnet).is_some_and(|subnet| subnet.vcn == vcn);
        // A subnet that cloudspells did not generate is named by its address.
        let is_ours = group.kind == GroupKind::Other && !group.name.contains("oci_core_subnet.");
        in_vcn && is_ours && contract::is_tier_group(&group.name, tier)
    };
    engine.network.groups.iter().position(is_tier).map(Endpoint::Group)
}

/// The VCN that a cluster's endpoint is in.
fn home<'a>(engine: &Engine<'a>, cluster: &Cluster) -> Option<&'a str> {
    let group = engine.network.groups.get(*cluster.of(&API).first()?)?;
    Some(&engine.network.subnets.get(&group.subnet)?.vcn)
}
