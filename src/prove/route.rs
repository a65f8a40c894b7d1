//! The ways out of a VCN: which addresses a subnet's route table leads to.

use super::line::{self, Addresses};
use super::network::{Destination, Route, Services, Subnet, Target};
use super::side::Side;

/// A route of a subnet and the addresses that it decides about.
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
        Destination::Cidr(net) => (Addresses::from_iter([line::peer_network(net)]), net.prefix_len()),
        Destination::Services(services @ Services::All) => (Addresses::from_iter([line::services(services)]), 33),
        Destination::Services(services @ Services::ObjectStorage) => {
            (Addresses::from_iter([line::services(services)]), 34)
        }
    }
}

/// The addresses, of those that a route decides about, that a VNIC's
/// connection gets to by it.
pub fn passable(side: &Side<'_>, decision: &Decision<'_>) -> Addresses {
    match &decision.route.target {
        Target::InternetGateway if side.has_public_ip() => decision.addresses.clone(),
        Target::NatGateway => decision.addresses.clone(),
        Target::ServiceGateway(enabled) if matches!(decision.route.destination, Destination::Services(_)) => {
            &decision.addresses & &Addresses::from_iter([line::services(*enabled)])
        }
        Target::InternetGateway | Target::ServiceGateway(_) | Target::Other => Addresses::new(),
    }
}

/// The addresses that a VNIC's connections get to.
pub fn outbound(side: &Side<'_>, addresses: &Addresses) -> Addresses {
    let decisions = decide(side.subnet, addresses);
    decisions.iter().fold(Addresses::new(), |sum, decision| sum | passable(side, decision))
}

/// The addresses whose connections get to a VNIC: by the Internet Gateway,
/// and only if the way back leads through it.
pub fn inbound(side: &Side<'_>, addresses: &Addresses) -> Addresses {
    if !side.has_public_ip() {
        return Addresses::new();
    }
    let decisions = decide(side.subnet, addresses);
    let through = decisions.into_iter().filter(|decision| decision.route.target == Target::InternetGateway);
    through.fold(Addresses::new(), |sum, decision| sum | decision.addresses)
}
