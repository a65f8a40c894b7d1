//! A cluster as the prover sees it.

use super::flows::FLOWS;
use super::{OkeCluster, resources};
use crate::prove::Model;
use crate::prove::network::{Endpoint, Group, GroupKind};
use crate::rule::Peer;
use crate::spells::network::subnet;
use crate::spells::security_rule::security_rule;
use crate::topology::{Tier, Topology};

/// Where each role's VNICs are, and whether they have public addresses. Load
/// balancers are made later, for Services: they are taken to be public and to
/// carry their NSG.
const PLACES: [(&str, Tier, bool); 4] = [
    ("api", Tier::Public, true),
    ("lb", Tier::Public, true),
    ("worker", Tier::Private, false),
    ("pod", Tier::Private, false),
];

pub fn add(cluster: &OkeCluster, topology: &Topology, model: &mut Model) {
    let name = &cluster.name.value;
    let Some((vcn_name, vcn)) = topology.home(name) else { return };
    let key = |role: &str| cluster.nsg(role).to_string();
    for nsg in topology.nsgs_of(name) {
        let rules = resources::rules(nsg).filter_map(|(direction, rule)| {
            let address = cluster.rule(nsg.role, direction, rule).to_string();
            security_rule(address, direction, rule, vcn.cidr, |role| Some(key(role)))
        });
        model.network.nsgs.insert(key(nsg.role), rules.collect());
    }
    for (role, tier, public_ip) in PLACES {
        model.network.groups.push(Group {
            name: format!("{name}.{role}"),
            kind: GroupKind::Role,
            subnet: subnet(vcn_name, tier).to_string(),
            addresses: vec![tier.subnet_of(vcn.cidr)],
            nsgs: vec![key(role)],
            public_ip,
        });
    }
    let find = |peer: Peer| {
        let name = match peer {
            Peer::Nsg(role) => format!("{name}.{role}"),
            Peer::Subnet(tier) => format!("{vcn_name}.{}", tier.word()),
            _ => return Vec::new(),
        };
        model.endpoint(&name).into_iter().collect::<Vec<Endpoint>>()
    };
    let flows: Vec<_> = FLOWS.iter().flat_map(|need| need.flows(&cluster.api_allowed_cidrs, find)).collect();
    model.flows.extend(flows);
}
