//! A rule as the prover sees it.

use super::network::nsg;
use crate::prove::network::{self, Direction, Layer, SecurityRule, Services};
use crate::topology::{Peer, Rule};

pub fn security_rule(layer: Layer, address: String, direction: Direction, rule: &Rule) -> SecurityRule {
    let peer = match &rule.peer {
        Peer::Cidr(cidr, _) => network::Peer::Cidr(*cidr),
        Peer::Services => network::Peer::Services(Services::All),
        Peer::Nsg(id) => network::Peer::Nsg(nsg(id).to_string()),
    };
    SecurityRule {
        address,
        direction,
        peer,
        traffic: rule.traffic.into(),
        stateless: false,
        description: rule.description.clone().into_owned(),
        layer,
    }
}
