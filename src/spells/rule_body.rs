//! A rule as HCL. The two layers say the same things, but for the nesting of
//! ports and the name of the direction.

use super::network::{all_services, nsg};
use crate::graph::{Body, Value};
use crate::rule::{Direction, Layer, Ports, Traffic};
use crate::topology::{Peer, Rule};

pub fn rule_body(start: Body, rule: &Rule, direction: Direction, layer: Layer) -> Body {
    let (peer, peer_type) = match direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let (value, value_type) = match &rule.peer {
        Peer::Cidr(cidr, _) => (Value::String(cidr.to_string()), "CIDR_BLOCK"),
        Peer::Services => (all_services("cidr_block"), "SERVICE_CIDR_BLOCK"),
        Peer::Nsg(id) => (nsg(id).attribute("id"), "NETWORK_SECURITY_GROUP"),
    };
    let in_nsg = layer == Layer::Nsg;
    let body = start
        .attribute("description", Value::String(rule.description.clone().into_owned()))
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
