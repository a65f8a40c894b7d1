//! A cluster as the prover sees it.

use super::flows::FLOWS;
use super::{OkeCluster, overlap, resources};
use crate::prove::network::{Endpoint, Group, GroupKind, Layer};
use crate::prove::{Flow, Level, Sketch, Source, elsewhere};
use crate::rule::Peer;
use crate::rule::table::tcp;
use crate::spells::network::subnet;
use crate::spells::security_rule::security_rule;
use crate::topology::{Name, Tier, Topology, Vcn};

/// Where each role's VNICs are, and whether they have public addresses. Load
/// balancers are made later, for Services: they are assumed to be public and to
/// carry their NSG.
const PLACES: [(&str, Tier, bool); 4] = [
    ("api", Tier::Public, true),
    ("lb", Tier::Public, true),
    ("worker", Tier::Private, false),
    ("pod", Tier::Private, false),
];

pub fn add(cluster: &OkeCluster, topology: &Topology, sketch: &mut Sketch) {
    let name = &cluster.name.value;
    let Some((vcn_name, vcn)) = topology.home(name) else { return };
    let key = |role: &str| cluster.nsg(role).to_string();
    for nsg in topology.nsgs_of(name) {
        let rules = resources::rules(nsg).filter_map(|(direction, rule)| {
            let address = cluster.rule(nsg.role, direction, rule).to_string();
            security_rule(Layer::Nsg, address, direction, rule, vcn.cidr, |role| Some(key(role)))
        });
        sketch.model.network.nsgs.insert(key(nsg.role), rules.collect());
    }
    for (role, tier, public_ip) in PLACES {
        sketch.add_group(Group {
            name: format!("{name}.{role}"),
            kind: GroupKind::Role,
            subnet: subnet(vcn_name, tier).to_string(),
            addresses: vec![tier.subnet_of(vcn.cidr)],
            nsgs: vec![key(role)],
            public_ip,
        });
    }
    clients_inside(cluster, vcn_name, vcn, sketch);
    let find = |peer: Peer| {
        let name = match peer {
            Peer::Nsg(role) => format!("{name}.{role}"),
            Peer::Subnet(tier) => format!("{vcn_name}.{}", tier.word()),
            _ => return Vec::new(),
        };
        sketch.group(&name).into_iter().collect::<Vec<Endpoint>>()
    };
    let flows: Vec<_> =
        FLOWS.iter().flat_map(|requirement| requirement.flows(&cluster.api_allowed_cidrs, find)).collect();
    sketch.model.flows.extend(flows);
}

/// Clients of the API endpoint that are not on the internet: VNICs of the
/// VCN, and others, of whom nothing is known here.
fn clients_inside(cluster: &OkeCluster, vcn_name: &Name, vcn: &Vcn, sketch: &mut Sketch) {
    let name = &cluster.name.value;
    let clients = || cluster.api_allowed_cidrs.iter().copied();
    if clients().any(|client| client.prefix_len() == 0) {
        return;
    }
    let Some(api) = sketch.group(&format!("{name}.api")) else { return };
    for part in &vcn.subnets {
        let Some(from) = sketch.group(&format!("{vcn_name}.{}", part.tier.word())) else { continue };
        let clients: Vec<_> = clients().filter(|client| overlap(*client, part.cidr)).collect();
        if clients.is_empty() {
            continue;
        }
        sketch.model.flows.push(Flow {
            from,
            to: api,
            clients: Some(clients),
            traffic: tcp(6443).into(),
            source: Source::Reference,
            // A client with an NSG of its own may have a way that others lack.
            level: Level::Optional,
            purpose: "clients in the VCN reach the API server",
        });
    }
    for client in elsewhere(&cluster.api_allowed_cidrs, vcn.cidr) {
        sketch.model.unjudged.push(format!(
            "{client} may reach the API endpoint of {name}, but is neither public nor in {vcn_name}: how it gets there is not in this stack"
        ));
    }
}
