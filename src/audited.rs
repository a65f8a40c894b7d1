//! The model of an audited network: which flows are required of it. Those are
//! the flows of each cluster, and of the tiers of a stack that cloudspells
//! generated.

mod foreign;
mod mapping;

use crate::audit::{Cluster, Instances, PodNetworking, Subject};
use crate::contract::{
    self,
    compute::INSTANCE,
    oke::{API, LB},
};
use crate::prove::network::{self, Direction, Endpoint, Group, GroupKind, Network, SecurityRule, Traffic};
use crate::prove::{Engine, Flow, Model};
use crate::rule::Peer;
use crate::spells::{Needs, WorkloadNeeds, client_flows, cluster_flows, instance_flows, tier_flows, workload_flows};
use crate::tier::Tier;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;

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
    let Subject { network, widest, clusters, instances, mut unknowns, .. } = subject;
    unknowns.extend(more);
    unknowns.sort();
    let engine = Engine::new(&network);
    let mut flows = Vec::new();
    let tiers = tiers(&network);
    let of_tier = |vcn: &str, tier: Tier| tiers.get(&(vcn, tier)).copied().map(Endpoint::Group);
    for vcn in network.vcns.keys() {
        flows.extend(tier_flows(&network, |tier| of_tier(vcn, tier)));
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
            Peer::Vcn => {
                let tier = |tier: &Tier| home.and_then(|vcn| of_tier(vcn, *tier));
                Tier::EVERY.iter().filter_map(tier).collect()
            }
            Peer::Subnet(tier) => home.and_then(|vcn| of_tier(vcn, tier)).into_iter().collect(),
            _ => Vec::new(),
        };
        for api in endpoints(cluster.of(&API)).into_iter().filter(|_| cluster.is_generated) {
            let tiers = Tier::EVERY.iter().filter_map(|tier| {
                let at = *tiers.get(&(home?, *tier))?;
                let subnet = network.subnets.get(&network.groups.get(at)?.subnet)?;
                Some((Endpoint::Group(at), subnet.cidr))
            });
            flows.extend(client_flows(&clients, api, tiers));
        }
        let needed = cluster_flows(&needs(cluster));
        let needed = needed.iter().flat_map(|requirement| requirement.flows(&clients, find));
        flows.extend(needed.flat_map(|flow| foreign::asked(&engine, cluster, flow)));
    }
    flows.extend(instances.iter().flat_map(|one| flows_of_instances(one, &network, &tiers)));
    flows.extend(instances.iter().flat_map(|one| flows_of_workload(one, &instances, &network, &tiers)));
    Model { network, widest, flows, unknowns, unjudged }
}

/// What instances of a role are for, wherever they are.
fn flows_of_instances(one: &Instances, network: &Network, tiers: &BTreeMap<(&str, Tier), usize>) -> Vec<Flow> {
    let group = |at: usize| network.groups.get(at);
    let flows = one.groups.iter().filter_map(|at| {
        let mine = group(*at)?;
        let vcn = network.subnets.get(&mine.subnet)?.vcn.as_str();
        let is_there =
            |(_, other): &(&(&str, Tier), &usize)| group(**other).is_some_and(|one| one.subnet == mine.subnet);
        let tier = tiers.iter().find(is_there).map(|((_, tier), _)| *tier);
        let find = |peer: Peer| match peer {
            Peer::Nsg(_) => vec![Endpoint::Group(*at)],
            Peer::Subnet(tier) => tiers.get(&(vcn, tier)).map(|at| Endpoint::Group(*at)).into_iter().collect(),
            _ => Vec::new(),
        };
        let role = contract::compute::instance(one.role, tier, mine.public_ip)?;
        Some(instance_flows(role).flat_map(|requirement| requirement.flows(&[], find)).collect::<Vec<_>>())
    });
    flows.flatten().collect()
}

/// What the instances of a pool are for, behind their load balancer if they have
/// one.
fn flows_of_workload(
    pool: &Instances,
    all: &[Instances],
    network: &Network,
    tiers: &BTreeMap<(&str, Tier), usize>,
) -> Vec<Flow> {
    if pool.role != INSTANCE.word {
        return Vec::new();
    }
    let of = |word: &str| all.iter().find(|one| one.owner == pool.owner && one.role == word);
    let group = pool.groups.first().and_then(|at| network.groups.get(*at));
    let vcn = group.and_then(|group| network.subnets.get(&group.subnet)).map(|subnet| subnet.vcn.as_str());
    let tier = |tier: &Tier| tiers.get(&(vcn?, *tier)).copied().map(Endpoint::Group);
    let find = |peer: Peer| match peer {
        Peer::Nsg(role) => endpoints(of(role.word).map(|one| one.groups.as_slice()).unwrap_or_default()),
        Peer::Vcn => Tier::EVERY.iter().filter_map(tier).collect(),
        _ => Vec::new(),
    };
    let needs = pool.needs.as_ref().map(|text| WorkloadNeeds::from_tag(text)).unwrap_or_default();
    workload_flows(&needs).iter().flat_map(|requirement| requirement.flows(&[], find)).collect()
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

/// What a generated cluster was asked for.
fn needs(cluster: &Cluster) -> Needs {
    let text = cluster.needs.as_ref().filter(|_| cluster.is_generated);
    let mut needs = text.map(|text| Needs::from_tag(text)).unwrap_or_default();
    // Of other clusters it is not known how their pods' traffic was meant.
    needs.has_overlay = cluster.is_generated && cluster.pod_networking == PodNetworking::Overlay;
    needs.has_public_balancers = !cluster.of(&LB).is_empty();
    needs.has_virtual_nodes = cluster.is_generated && cluster.has_virtual_nodes;
    needs
}

fn endpoints(groups: &[usize]) -> Vec<Endpoint> {
    groups.iter().copied().map(Endpoint::Group).collect()
}

/// The other VNICs of each tier's subnet, by VCN and tier. Only generated stacks
/// have tiers.
fn tiers(network: &Network) -> BTreeMap<(&str, Tier), usize> {
    let mut tiers = BTreeMap::new();
    // A subnet that cloudspells did not generate is named by its address.
    let is_ours = |group: &Group| group.kind == GroupKind::Other && !group.name.contains("oci_core_subnet.");
    for (at, group) in network.groups.iter().enumerate().filter(|(_, group)| is_ours(group)) {
        let Some(subnet) = network.subnets.get(&group.subnet) else { continue };
        for tier in Tier::EVERY.iter().filter(|tier| contract::is_tier_group(&group.name, **tier)) {
            tiers.entry((subnet.vcn.as_str(), *tier)).or_insert(at);
        }
    }
    tiers
}

/// The VCN that a cluster's endpoint is in.
fn home<'a>(engine: &Engine<'a>, cluster: &Cluster) -> Option<&'a str> {
    let group = engine.network.groups.get(*cluster.of(&API).first()?)?;
    Some(&engine.network.subnets.get(&group.subnet)?.vcn)
}
