//! A rule as HCL. The two layers say the same things, but for the nesting of
//! ports and the name of the direction.

use super::network::all_services;
use crate::graph::{Address, Body, Value};
use crate::rule::{Direction, Peer, Ports, Rule, Traffic};
use crate::topology::peer_cidr;
use ipnet::Ipv4Net;

/// Where a rule stands.
pub enum Place<'a> {
    SecurityList,
    /// With the address of each role's NSG.
    Nsg(&'a dyn Fn(&str) -> Address),
}

pub fn rule_body(start: Body, rule: &Rule, direction: Direction, vcn: Ipv4Net, place: &Place<'_>) -> Body {
    let (peer, peer_type) = match direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let (value, value_type) = match (rule.peer, peer_cidr(rule.peer, vcn), place) {
        (_, Some(cidr), _) => (Value::String(cidr.to_string()), "CIDR_BLOCK"),
        (Peer::Nsg(role), _, Place::Nsg(nsg)) => (nsg(role).attribute("id"), "NETWORK_SECURITY_GROUP"),
        (Peer::Services, ..) => (all_services("cidr_block"), "SERVICE_CIDR_BLOCK"),
        // Clients are written out before they come here, and a security list
        // knows no NSG. Should it happen, the graph refuses the reference.
        _ => (Address::Variable(format!("no peer for {:?}", rule.peer)).attribute("id"), "CIDR_BLOCK"),
    };
    let in_nsg = matches!(place, Place::Nsg(_));
    let body = start
        .attribute("description", rule.description)
        .optional("direction", in_nsg.then(|| direction.api_name()))
        .attribute("protocol", rule.traffic.protocol_number())
        .attribute(peer, value)
        .attribute(peer_type, value_type);
    match rule.traffic {
        Traffic::Tcp(Some(ports)) => body.block("tcp_options", options(ports, in_nsg)),
        Traffic::Udp(Some(ports)) => body.block("udp_options", options(ports, in_nsg)),
        Traffic::Icmp { kind, code } => body.block("icmp_options", icmp(kind, code)),
        Traffic::All | Traffic::Tcp(None) | Traffic::Udp(None) => body,
    }
}

fn options(ports: Ports, in_nsg: bool) -> Body {
    let range = port_range(ports);
    if in_nsg { Body::default().block("destination_port_range", range) } else { range }
}

fn port_range(ports: Ports) -> Body {
    Body::default().attribute("min", u64::from(ports.min)).attribute("max", u64::from(ports.max))
}

fn icmp(kind: u8, code: Option<u8>) -> Body {
    Body::default().attribute("type", u64::from(kind)).optional("code", code.map(u64::from))
}
