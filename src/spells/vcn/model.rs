//! A VCN as the prover sees it.

use super::flows::FLOWS;
use crate::contract;
use crate::prove::network::{
    Destination, Direction, Endpoint, Group, GroupKind, Layer, Network, Route, Services, Subnet, Target, Traffic,
};
use crate::prove::{Flow, network as proven};
use crate::rule::{ANYWHERE, Peer};
use crate::spells::network::{gateway, of_tier, subnet, vcn as vcn_address};
use crate::spells::security_rule::security_rule;
use crate::spells::sketch::{Place, Sketch};
use crate::symbols::Referent;
use crate::topology::{self, DefaultRoute, Name, Rule, Tier, VcnId};

/// Adds a VCN with its subnets, and all VNICs of each that have no role.
pub fn draw(id: &VcnId, finished: &topology::Vcn, sketch: &mut Sketch) {
    let name = id.name();
    let key = vcn_address(name).to_string();
    sketch.model.network.vcns.insert(key.clone(), proven::Vcn { cidrs: vec![finished.cidr] });
    for part in &finished.subnets {
        let tier = part.tier;
        let list = of_tier("oci_core_security_list", name, tier).to_string();
        let rules = |direction, rules: &[Rule]| {
            rules
                .iter()
                .map(|rule| security_rule(Layer::SecurityList, list.clone(), direction, rule))
                .collect::<Vec<_>>()
        };
        let all = [rules(Direction::Ingress, &part.ingress), rules(Direction::Egress, &part.egress)].concat();
        sketch.model.network.security_lists.insert(list.clone(), all);
        let proven = Subnet {
            vcn: key.clone(),
            cidr: part.cidr,
            security_lists: vec![list],
            public_ips: tier.allows_public_ip(),
            route_table: of_tier("oci_core_route_table", name, tier).to_string(),
            routes: routes(name, tier),
        };
        let key = subnet(name, tier).to_string();
        sketch.model.network.subnets.insert(key.clone(), proven);
        let others = Group {
            name: contract::tier_group(name.as_str(), tier.word()),
            kind: GroupKind::Other,
            subnet: key,
            addresses: vec![part.cidr],
            nsgs: Vec::new(),
            public_ip: tier.allows_public_ip(),
            fronts: Vec::new(),
            candidate_of: None,
        };
        sketch.add_group(Place::Tier(id.clone(), tier), others);
    }
}

/// Adds what the tiers of a VCN are for.
pub fn add_flows(name: &Name, sketch: &mut Sketch) {
    let id = VcnId::named(name.clone());
    let flows = flows(&sketch.model.network, |tier| sketch.find(&Place::Tier(id.clone(), tier)));
    sketch.add_flows(flows);
}

fn routes(vcn: &Name, tier: Tier) -> Vec<Route> {
    let gateway = |kind| gateway(kind, vcn).to_string();
    let mut routes = Vec::new();
    let default = match tier.default_route() {
        DefaultRoute::InternetGateway => Some((Target::InternetGateway, "oci_core_internet_gateway")),
        DefaultRoute::NatGateway => Some((Target::NatGateway, "oci_core_nat_gateway")),
        DefaultRoute::None => None,
    };
    if let Some((target, kind)) = default {
        routes.push(Route { destination: Destination::Cidr(ANYWHERE), target, gateway: gateway(kind) });
    }
    if tier.routes_to_services() {
        routes.push(Route {
            destination: Destination::Services(Services::All),
            target: Target::ServiceGateway(Services::All),
            gateway: gateway("oci_core_service_gateway"),
        });
    }
    routes
}

/// What the tiers of a network are for. `find` gives all other VNICs of a
/// tier's subnet.
pub fn flows(network: &Network, find: impl Fn(Tier) -> Option<Endpoint>) -> Vec<Flow> {
    let of = |peer: Peer| match peer {
        Peer::Subnet(tier) => find(tier).into_iter().collect(),
        _ => Vec::new(),
    };
    let asked = FLOWS
        .iter()
        .filter(|(requirement, by)| of(requirement.from).iter().any(|tier| has_way_out(network, *tier, *by)));
    asked.flat_map(|(requirement, _)| requirement.flows(&[], of)).collect()
}

/// Whether a security list of a group's subnet lets everything out to a peer.
fn has_way_out(network: &Network, endpoint: Endpoint, peer: Peer) -> bool {
    let peer = match peer {
        Peer::Services => proven::Peer::Services(Services::All),
        _ => proven::Peer::Cidr(ANYWHERE),
    };
    let Endpoint::Group(index) = endpoint else { return false };
    let subnet = network.groups.get(index).and_then(|group| network.subnets.get(&group.subnet));
    let lists = subnet.into_iter().flat_map(|subnet| &subnet.security_lists);
    let mut rules = lists.filter_map(|list| network.security_lists.get(list)).flatten();
    rules.any(|rule| rule.direction == Direction::Egress && rule.traffic == Traffic::All && rule.peer == peer)
}
