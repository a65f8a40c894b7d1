//! A rule as the prover sees it.

use crate::prove::network::{Direction, Layer, Peer, SecurityRule, Services};
use crate::rule::{self, Rule};
use crate::topology::peer_cidr;
use ipnet::Ipv4Net;

/// `None` if no VNIC or address matches the rule's peer, so that the rule
/// admits nothing.
pub fn security_rule(
    layer: Layer,
    address: String,
    direction: Direction,
    rule: &Rule,
    vcn: Ipv4Net,
    nsg: impl Fn(&str) -> Option<String>,
) -> Option<SecurityRule> {
    let peer = match (rule.peer, peer_cidr(rule.peer, vcn)) {
        (_, Some(cidr)) => Peer::Cidr(cidr),
        (rule::Peer::Services, _) => Peer::Services(Services::All),
        (rule::Peer::Nsg(role), _) => Peer::Nsg(nsg(role)?),
        _ => return None,
    };
    Some(SecurityRule {
        address,
        direction,
        peer,
        traffic: rule.traffic.into(),
        stateless: false,
        description: rule.description.to_owned(),
        layer,
    })
}
