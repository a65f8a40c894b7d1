//! One security list a tier, with the rules of every spell.

use super::Vcn;
use super::resources::all_services;
use crate::graph::{Body, Graph, Value};
use crate::rule::{Direction, Peer, Rule, Traffic};
use crate::topology::{self, peer_cidr};

pub fn build(vcn: &Vcn, network: &topology::Vcn, graph: &mut Graph) {
    for subnet in &network.subnets {
        let display_suffix = format!("sl-{}", subnet.tier.word());
        let mut body = vcn.identity.tagged(vcn.part(&display_suffix), &[]);
        for rule in &subnet.ingress {
            body = body.block("ingress_security_rules", rule_body(rule, Direction::Ingress, network));
        }
        for rule in &subnet.egress {
            body = body.block("egress_security_rules", rule_body(rule, Direction::Egress, network));
        }
        let address = vcn.tier_address("oci_core_security_list", subnet.tier);
        graph.add("security_lists.tf", address, &vcn.name.span, body);
    }
}

fn rule_body(rule: &Rule, direction: Direction, network: &topology::Vcn) -> Body {
    let (peer, peer_type) = match direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let (value, value_type) = match (rule.peer, peer_cidr(rule.peer, network.cidr)) {
        (Peer::Services, _) | (_, None) => (all_services("cidr_block"), "SERVICE_CIDR_BLOCK"),
        (_, Some(cidr)) => (Value::String(cidr.to_string()), "CIDR_BLOCK"),
    };
    let body = Body::default()
        .attribute("description", rule.description)
        .attribute("protocol", rule.traffic.protocol_number())
        .attribute(peer, value)
        .attribute(peer_type, value_type);
    match rule.traffic {
        Traffic::Tcp(Some(ports)) => body.block("tcp_options", port_range(ports)),
        Traffic::Udp(Some(ports)) => body.block("udp_options", port_range(ports)),
        Traffic::Icmp { kind, code } => body.block("icmp_options", icmp(kind, code)),
        Traffic::All | Traffic::Tcp(None) | Traffic::Udp(None) => body,
    }
}

/// `min` and `max` of a port range.
pub fn port_range(ports: crate::rule::Ports) -> Body {
    Body::default().attribute("min", Value::Number(ports.min.into())).attribute("max", Value::Number(ports.max.into()))
}

pub fn icmp(kind: u8, code: Option<u8>) -> Body {
    Body::default()
        .attribute("type", Value::Number(kind.into()))
        .optional("code", code.map(|code| Value::Number(code.into())))
}
