//! A network and a packet as a person reads them in a failed test.

use super::probe::Probe;
use super::{Address, Denied, Way};
use cloudspells::prove::network::{Destination, Endpoint, Network, Peer, Ports, SecurityRule, Traffic};
use std::fmt::Write as _;

pub fn network(network: &Network) -> String {
    let mut text = String::new();
    for (key, vcn) in &network.vcns {
        let cidrs: Vec<_> = vcn.cidrs.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "{key}: {}", cidrs.join(", "));
    }
    for (key, subnet) in &network.subnets {
        let public = if subnet.public_ips { "public addresses allowed" } else { "no public addresses" };
        let lists = subnet.security_lists.join(", ");
        let _ = writeln!(text, "{key}: {} of {}, {public}, lists [{lists}]", subnet.cidr, subnet.vcn);
        for route in &subnet.routes {
            let destination = match route.destination {
                Destination::Cidr(cidr) => cidr.to_string(),
                Destination::Services(services) => format!("services {services:?}"),
            };
            let _ = writeln!(text, "  {}: {destination} by {:?}", subnet.route_table, route.target);
        }
    }
    for (index, group) in network.groups.iter().enumerate() {
        let addresses: Vec<_> = group.addresses.iter().map(ToString::to_string).collect();
        let public = if group.public_ip { "public" } else { "not public" };
        let (addresses, nsgs) = (addresses.join(", "), group.nsgs.join(", "));
        let _ = writeln!(text, "Group({index}): in {}, at [{addresses}], {public}, NSGs [{nsgs}]", group.subnet);
        for front in &group.fronts {
            let _ = writeln!(text, "  load balancer in {} forwards {}", front.subnet, kind(front.traffic));
        }
    }
    for (key, rules) in network.security_lists.iter().chain(&network.nsgs) {
        let _ = writeln!(text, "{key}:");
        for rule in rules {
            let _ = writeln!(text, "  {}", self::rule(rule));
        }
    }
    text
}

fn rule(rule: &SecurityRule) -> String {
    let peer = match &rule.peer {
        Peer::Cidr(cidr) => cidr.to_string(),
        Peer::Services(services) => format!("services {services:?}"),
        Peer::Nsg(nsg) => format!("VNICs of {nsg}"),
    };
    let traffic = kind(rule.traffic);
    let stateless = if rule.stateless { ", stateless" } else { "" };
    format!("{:?} {peer}: {traffic}{stateless}", rule.direction)
}

fn kind(traffic: Traffic) -> String {
    let ports = |source: Ports, destination: Ports| format!("{source} to {destination}");
    match traffic {
        Traffic::All => "all".to_owned(),
        Traffic::Tcp { source, destination } => format!("TCP {}", ports(source, destination)),
        Traffic::Udp { source, destination } => format!("UDP {}", ports(source, destination)),
        Traffic::Icmp { kind, code } => {
            let text = |number: Option<u8>| number.map_or("any".to_owned(), |number| number.to_string());
            format!("ICMP type {} code {}", text(kind), text(code))
        }
        Traffic::Protocol(number) => format!("protocol {number}"),
    }
}

pub fn probe(probe: &Probe) -> String {
    let packet = probe.packet;
    let end = |endpoint: Endpoint, address: Address| match address {
        Address::V4(address) => format!("{endpoint:?} {}", std::net::Ipv4Addr::from(address)),
        other => format!("{endpoint:?} {other:?}"),
    };
    let traffic = match packet.protocol {
        1 => format!("ICMP type {} code {}", packet.port / 256, packet.port % 256),
        6 => format!("TCP {} to {}", packet.source_port, packet.port),
        17 => format!("UDP {} to {}", packet.source_port, packet.port),
        number => format!("protocol {number}"),
    };
    format!("{} → {}: {traffic}", end(probe.from, packet.from), end(probe.to, packet.to))
}

pub fn verdict(verdict: Result<Way, Denied>) -> String {
    match verdict {
        Ok(way) => format!("passes ({way:?})"),
        Err(denied) => format!("is stopped ({denied:?})"),
    }
}
