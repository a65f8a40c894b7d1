//! Routes out of a VCN: which addresses a subnet's route table leads to.

use super::network::{Destination, Front, Network, Route, Services, Subnet, Target};
use super::policy::Policy;
use super::sets::{self, Addresses};
use std::collections::BTreeSet;

/// A route, with the addresses for which it is the one that applies.
pub struct Decision<'a> {
    pub route: &'a Route,
    pub addresses: Addresses,
}

/// Splits addresses outside of the VCN among the routes of a subnet: the
/// longest prefix first, a service's label before any.
pub fn decide<'a>(subnet: &'a Subnet, addresses: &Addresses) -> Vec<Decision<'a>> {
    let mut routes: Vec<_> = subnet.routes.iter().map(|route| (reach_of(route), route)).collect();
    routes.sort_by_key(|((_, length), _)| std::cmp::Reverse(*length));
    let mut remaining = addresses.clone();
    let mut decisions = Vec::new();
    for ((covered, _), route) in routes {
        let decided = &remaining & &covered;
        if !decided.is_empty() {
            remaining = remaining - covered;
            decisions.push(Decision { route, addresses: decided });
        }
    }
    decisions
}

/// What a route covers, and how specific it is.
fn reach_of(route: &Route) -> (Addresses, u8) {
    match route.destination {
        Destination::Cidr(net) => (Addresses::from_iter([sets::peer_network(net)]), net.prefix_len()),
        Destination::Services(services @ Services::All) => (Addresses::from_iter([sets::services(services)]), 33),
        Destination::Services(services @ Services::ObjectStorage) => {
            (Addresses::from_iter([sets::services(services)]), 34)
        }
    }
}

/// The addresses that a VNIC can reach through the route, of those to which the
/// route applies.
pub fn passable(policy: &Policy<'_>, decision: &Decision<'_>) -> Addresses {
    match &decision.route.target {
        Target::InternetGateway if policy.has_public_ip() => decision.addresses.clone(),
        Target::NatGateway => decision.addresses.clone(),
        Target::ServiceGateway(enabled) if matches!(decision.route.destination, Destination::Services(_)) => {
            &decision.addresses & &Addresses::from_iter([sets::services(*enabled)])
        }
        Target::InternetGateway | Target::ServiceGateway(_) | Target::Peering(_) | Target::Drg(_) | Target::Other => {
            Addresses::new()
        }
    }
}

/// The other VCNs that the routes of a subnet may lead to.
pub fn neighbours<'a>(network: &'a Network, subnet: &'a Subnet) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for route in &subnet.routes {
        match &route.target {
            Target::Peering(vcn) => found.extend([vcn.as_str()]),
            Target::Drg(drg) => match network.drgs.get(drg) {
                Some(attached) if attached.contains(&subnet.vcn) => found.extend(attached.iter().map(String::as_str)),
                _ => {}
            },
            _ => {}
        }
    }
    found.remove(subnet.vcn.as_str());
    found
}

/// The routes of a subnet that lead to another VCN, each with those of the
/// addresses there that it leads to. The VCN's own CIDRs never leave it.
pub fn across<'a>(network: &Network, subnet: &'a Subnet, vcn: &str, addresses: &Addresses) -> Vec<Decision<'a>> {
    let own = network.vcns.get(&subnet.vcn).into_iter().flat_map(|vcn| &vcn.cidrs);
    let own: Addresses = own.map(|cidr| sets::network(*cidr)).collect();
    let leads = |decision: &Decision<'_>| match &decision.route.target {
        Target::Peering(far) => far == vcn,
        Target::Drg(drg) => {
            network.drgs.get(drg).is_some_and(|attached| attached.contains(vcn) && attached.contains(&subnet.vcn))
        }
        _ => false,
    };
    decide(subnet, &(addresses - &own)).into_iter().filter(leads).collect()
}

/// The addresses that the routes let a VNIC connect to.
pub fn outbound(policy: &Policy<'_>, addresses: &Addresses) -> Addresses {
    let decisions = decide(policy.subnet, addresses);
    decisions.iter().fold(Addresses::new(), |sum, decision| sum | passable(policy, decision))
}

/// The addresses from which the routes let connections reach a VNIC: only
/// through the Internet Gateway, and only if replies leave through it too.
pub fn inbound(policy: &Policy<'_>, addresses: &Addresses) -> Addresses {
    if policy.has_public_ip() { through_internet_gateway(policy.subnet, addresses) } else { Addresses::new() }
}

/// The addresses from which the routes let connections reach a front.
pub fn to_front(network: &Network, front: &Front, addresses: &Addresses) -> Addresses {
    match network.subnets.get(&front.subnet).filter(|subnet| subnet.public_ips) {
        Some(subnet) => through_internet_gateway(subnet, addresses),
        None => Addresses::new(),
    }
}

fn through_internet_gateway(subnet: &Subnet, addresses: &Addresses) -> Addresses {
    let decisions = decide(subnet, addresses);
    let through = decisions.into_iter().filter(|decision| decision.route.target == Target::InternetGateway);
    through.fold(Addresses::new(), |sum, decision| sum | decision.addresses)
}
