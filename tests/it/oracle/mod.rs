//! Whether one packet passes, decided as OCI documents it: a loop over the
//! rules, a comparison of numbers. Knows the prover's data types and nothing
//! of the prover: no sets, no intervals, none of its functions.

pub mod asked;
pub mod classes;
pub mod describe;
mod hand_written;
pub mod probe;
pub mod reduce;
pub mod run;
pub mod twist;
pub mod world;

use cloudspells::prove::network::{
    Destination, Direction, Endpoint, Front, Group, Network, Peer, Ports, Route, SecurityRule, Services, Subnet,
    Target, Traffic,
};
use ipnet::Ipv4Net;

const ICMP: u8 = 1;
const TCP: u8 = 6;
const UDP: u8 = 17;

/// Where a packet comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    /// An IPv4 address as a number: a VNIC's private one, or a public one of
    /// the internet.
    V4(u32),
    ObjectStorage,
    OtherService,
}

/// What a connection begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    pub from: Address,
    pub to: Address,
    pub protocol: u8,
    /// Of TCP and UDP.
    pub source_port: u16,
    /// Of TCP and UDP the destination port, of ICMP `type << 8 | code`.
    pub port: u16,
}

/// How a packet that passes gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    Local,
    BetweenVcns,
    ToInternetThroughInternetGateway,
    ToInternetThroughNatGateway,
    FromInternet,
    FromInternetThroughLoadBalancer,
    ToServicesThroughServiceGateway,
    ToServicesThroughInternetGateway,
    ToServicesThroughNatGateway,
}

/// Why a packet does not pass: the first reason, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denied {
    /// An address that its endpoint does not have.
    Address,
    /// Neither end is a VNIC, or the services would have to begin.
    NobodyHere,
    /// In another VCN, which no route of the sender's leads to.
    AnotherVcn,
    /// The same of the receiver's.
    NoWayBack,
    NoRoute,
    /// A service gateway that the services are not enabled on, or that a CIDR
    /// leads to.
    ServiceGateway,
    /// A gateway that needs a public address.
    NoPublicAddress,
    /// To a VNIC whose replies don't leave through the internet gateway.
    NotThroughInternetGateway,
    OtherTarget,
    Egress,
    Ingress,
    ReplyIntoSource,
    ReplyOutOfDestination,
}

/// A packet's headers as a rule's traffic sees them. ICMP has its type and
/// code in `port`.
#[derive(Clone, Copy)]
struct Headers {
    protocol: u8,
    source_port: u16,
    port: u16,
}

/// The other end, as a rule's peer sees it.
#[derive(Clone, Copy)]
struct Other<'a> {
    address: Address,
    /// Where it is a VNIC.
    group: Option<&'a Group>,
}

/// Whether a connection that begins with this packet gets through, and its
/// replies back.
pub fn decide(network: &Network, from: Endpoint, to: Endpoint, packet: &Packet) -> Result<Way, Denied> {
    if !has_address(network, from, packet.from) || !has_address(network, to, packet.to) {
        return Err(Denied::Address);
    }
    let way = route(network, from, to, packet)?;
    let source = Other { address: packet.from, group: group_of(network, from) };
    let destination = Other { address: packet.to, group: group_of(network, to) };
    let request = Headers { protocol: packet.protocol, source_port: packet.source_port, port: packet.port };

    let mut tracked_at_source = true;
    if let Some(group) = source.group {
        tracked_at_source = admit(network, group, Direction::Egress, destination, request).ok_or(Denied::Egress)?;
    }
    let mut tracked_at_destination = true;
    if let Some(group) = destination.group {
        tracked_at_destination = admit(network, group, Direction::Ingress, source, request).ok_or(Denied::Ingress)?;
    }

    let Some(reply) = reply_to(request) else { return Ok(way) };
    if let (false, Some(group)) = (tracked_at_source, source.group) {
        admit(network, group, Direction::Ingress, destination, reply).ok_or(Denied::ReplyIntoSource)?;
    }
    if let (false, Some(group)) = (tracked_at_destination, destination.group) {
        admit(network, group, Direction::Egress, source, reply).ok_or(Denied::ReplyOutOfDestination)?;
    }
    Ok(way)
}

/// Whether an ICMP error gets in from outside of the VCNs: it answers what the
/// VNIC sent there, and so needs no more than the way that this took.
pub fn decide_error(network: &Network, from: Endpoint, to: Endpoint, packet: &Packet) -> Result<Way, Denied> {
    if !has_address(network, from, packet.from) || !has_address(network, to, packet.to) {
        return Err(Denied::Address);
    }
    let way = route(network, to, from, &Packet { from: packet.to, to: packet.from, ..*packet })?;
    let hop = hop(network, from, to, Direction::Ingress, packet);
    if hop == Some(true) { Ok(way) } else { Err(Denied::Ingress) }
}

/// Whether the rules at one end let a packet pass, and its reply back: none
/// where this end is no VNIC, and so has no rules.
pub fn hop(network: &Network, from: Endpoint, to: Endpoint, at: Direction, packet: &Packet) -> Option<bool> {
    let (here, other) = match at {
        Direction::Egress => (from, Other { address: packet.to, group: group_of(network, to) }),
        Direction::Ingress => (to, Other { address: packet.from, group: group_of(network, from) }),
    };
    let back = match at {
        Direction::Egress => Direction::Ingress,
        Direction::Ingress => Direction::Egress,
    };
    let request = Headers { protocol: packet.protocol, source_port: packet.source_port, port: packet.port };
    let group = group_of(network, here)?;
    Some(match (admit(network, group, at, other, request), reply_to(request)) {
        (None, _) => false,
        (Some(false), Some(reply)) => admit(network, group, back, other, reply).is_some(),
        (Some(_), _) => true,
    })
}

/// The rules at one end that match a packet.
pub fn matching<'a>(
    network: &'a Network,
    from: Endpoint,
    to: Endpoint,
    at: Direction,
    packet: &Packet,
) -> Vec<&'a SecurityRule> {
    let (here, other) = match at {
        Direction::Egress => (from, Other { address: packet.to, group: group_of(network, to) }),
        Direction::Ingress => (to, Other { address: packet.from, group: group_of(network, from) }),
    };
    let request = Headers { protocol: packet.protocol, source_port: packet.source_port, port: packet.port };
    rules_of(network, here).into_iter().filter(|rule| matches(rule, at, other, request)).collect()
}

/// Whether traffic that somebody names includes a packet.
pub fn includes(traffic: Traffic, packet: &Packet) -> bool {
    let Packet { protocol, source_port, port, .. } = *packet;
    is_traffic(traffic, Headers { protocol, source_port, port })
}

/// The rules that guard the VNICs of an endpoint.
pub fn rules_of(network: &Network, endpoint: Endpoint) -> Vec<&SecurityRule> {
    let Some(group) = group_of(network, endpoint) else { return Vec::new() };
    let lists = network.subnets[&group.subnet].security_lists.iter().map(|list| &network.security_lists[list]);
    lists.chain(group.nsgs.iter().map(|nsg| &network.nsgs[nsg])).flatten().collect()
}

fn group_of(network: &Network, endpoint: Endpoint) -> Option<&Group> {
    match endpoint {
        Endpoint::Group(index) => Some(&network.groups[index]),
        Endpoint::Internet | Endpoint::Services => None,
    }
}

fn has_address(network: &Network, endpoint: Endpoint, address: Address) -> bool {
    match (endpoint, address) {
        (Endpoint::Group(index), Address::V4(address)) => {
            let group = &network.groups[index];
            is_in(address, network.subnets[&group.subnet].cidr)
                && group.addresses.iter().any(|cidr| is_in(address, *cidr))
        }
        (Endpoint::Internet, Address::V4(address)) => is_internet(network, address),
        (Endpoint::Services, Address::ObjectStorage | Address::OtherService) => true,
        _ => false,
    }
}

/// Public unicast IPv4, and of no VCN here.
pub fn is_internet(network: &Network, address: u32) -> bool {
    let [a, b, _, _] = address.to_be_bytes();
    let reserved = match a {
        0 | 10 | 127 | 224..=255 => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => b == 168,
        _ => false,
    };
    !reserved && !network.vcns.values().any(|vcn| vcn.cidrs.iter().any(|cidr| is_in(address, *cidr)))
}

/// The first bits agree. In 64 bits, since all 32 may have to be shifted out.
pub fn is_in(address: u32, cidr: Ipv4Net) -> bool {
    let ignored = 32 - u32::from(cidr.prefix_len());
    u64::from(address) >> ignored == u64::from(u32::from(cidr.addr())) >> ignored
}

pub fn route(network: &Network, from: Endpoint, to: Endpoint, packet: &Packet) -> Result<Way, Denied> {
    match (from, to) {
        (Endpoint::Group(from), Endpoint::Group(to)) => {
            let subnet = |index: usize| &network.subnets[&network.groups[index].subnet];
            let (here, there) = (subnet(from), subnet(to));
            if here.vcn == there.vcn {
                Ok(Way::Local)
            } else if !crosses(network, here, there, packet.to) {
                Err(Denied::AnotherVcn)
            } else if !crosses(network, there, here, packet.from) {
                Err(Denied::NoWayBack)
            } else {
                Ok(Way::BetweenVcns)
            }
        }
        (Endpoint::Group(from), Endpoint::Internet | Endpoint::Services) => {
            let group = &network.groups[from];
            route_out(group, &network.subnets[&group.subnet], packet.to)
        }
        (Endpoint::Internet, Endpoint::Group(to)) => {
            let group = &network.groups[to];
            let subnet = &network.subnets[&group.subnet];
            let target = |subnet: &Subnet| match packet.from {
                Address::V4(address) => longest(&subnet.routes, address).map(|route| route.target.clone()),
                Address::ObjectStorage | Address::OtherService => None,
            };
            let forwards = |front: &Front| {
                let subnet = &network.subnets[&front.subnet];
                subnet.public_ips && target(subnet) == Some(Target::InternetGateway) && includes(front.traffic, packet)
            };
            match target(subnet) {
                Some(Target::InternetGateway) if public(group, subnet) => Ok(Way::FromInternet),
                _ if group.fronts.iter().any(forwards) => Ok(Way::FromInternetThroughLoadBalancer),
                Some(Target::InternetGateway) => Err(Denied::NoPublicAddress),
                Some(_) => Err(Denied::NotThroughInternetGateway),
                None => Err(Denied::NoRoute),
            }
        }
        _ => Err(Denied::NobodyHere),
    }
}

/// Whether what a subnet sends to an address in another VCN gets there. What
/// its own VCN has stays there.
fn crosses(network: &Network, subnet: &Subnet, far: &Subnet, address: Address) -> bool {
    let Address::V4(address) = address else { return false };
    if network.vcns[&subnet.vcn].cidrs.iter().any(|cidr| is_in(address, *cidr)) {
        return false;
    }
    match longest(&subnet.routes, address).map(|route| &route.target) {
        Some(Target::Peering(vcn)) => *vcn == far.vcn,
        Some(Target::Drg(drg)) => network.drgs[drg].contains(&subnet.vcn) && network.drgs[drg].contains(&far.vcn),
        _ => false,
    }
}

fn route_out(group: &Group, subnet: &Subnet, to: Address) -> Result<Way, Denied> {
    let chosen = match to {
        Address::V4(address) => longest(&subnet.routes, address),
        Address::ObjectStorage | Address::OtherService => to_service(&subnet.routes, to),
    };
    let route = chosen.ok_or(Denied::NoRoute)?;
    let to_internet = matches!(to, Address::V4(_));
    match route.target {
        Target::InternetGateway if !public(group, subnet) => Err(Denied::NoPublicAddress),
        Target::InternetGateway if to_internet => Ok(Way::ToInternetThroughInternetGateway),
        Target::InternetGateway => Ok(Way::ToServicesThroughInternetGateway),
        Target::NatGateway if to_internet => Ok(Way::ToInternetThroughNatGateway),
        Target::NatGateway => Ok(Way::ToServicesThroughNatGateway),
        Target::ServiceGateway(enabled) => match route.destination {
            Destination::Services(_) if is_one_of(to, enabled) => Ok(Way::ToServicesThroughServiceGateway),
            Destination::Services(_) | Destination::Cidr(_) => Err(Denied::ServiceGateway),
        },
        Target::Peering(_) | Target::Drg(_) | Target::Other => Err(Denied::OtherTarget),
    }
}

const fn public(group: &Group, subnet: &Subnet) -> bool {
    group.public_ip && subnet.public_ips
}

/// Of the routes that cover an address the one of the longest prefix, of
/// equals the first.
fn longest(routes: &[Route], address: u32) -> Option<&Route> {
    let mut best: Option<(&Route, u8)> = None;
    for route in routes {
        let Destination::Cidr(cidr) = route.destination else { continue };
        if is_in(address, cidr) && best.is_none_or(|(_, length)| cidr.prefix_len() > length) {
            best = Some((route, cidr.prefix_len()));
        }
    }
    best.map(|(route, _)| route)
}

/// A label that names the service, then one that names them all, then the
/// route to everywhere.
fn to_service(routes: &[Route], service: Address) -> Option<&Route> {
    let labelled = |label| {
        let mut found = routes.iter().filter(|route| route.destination == Destination::Services(label));
        if is_one_of(service, label) { found.next() } else { None }
    };
    let everywhere = || {
        routes.iter().find(|route| match route.destination {
            Destination::Cidr(cidr) => cidr.prefix_len() == 0,
            Destination::Services(_) => false,
        })
    };
    labelled(Services::ObjectStorage).or_else(|| labelled(Services::All)).or_else(everywhere)
}

fn is_one_of(address: Address, services: Services) -> bool {
    match address {
        Address::ObjectStorage => true,
        Address::OtherService => services == Services::All,
        Address::V4(_) => false,
    }
}

/// Whether a VNIC lets something in or out, and then whether it remembers
/// that it did: it forgets as soon as one rule that matches is stateless.
fn admit(network: &Network, vnic: &Group, direction: Direction, other: Other, headers: Headers) -> Option<bool> {
    let mut admitted = false;
    let mut tracked = true;
    for list in &network.subnets[&vnic.subnet].security_lists {
        for rule in &network.security_lists[list] {
            if matches(rule, direction, other, headers) {
                admitted = true;
                tracked &= !rule.stateless;
            }
        }
    }
    for nsg in &vnic.nsgs {
        for rule in &network.nsgs[nsg] {
            if matches(rule, direction, other, headers) {
                admitted = true;
                tracked &= !rule.stateless;
            }
        }
    }
    admitted.then_some(tracked)
}

fn matches(rule: &SecurityRule, direction: Direction, other: Other, headers: Headers) -> bool {
    rule.direction == direction && is_peer(&rule.peer, other) && is_traffic(rule.traffic, headers)
}

fn is_peer(peer: &Peer, other: Other) -> bool {
    match peer {
        Peer::Cidr(cidr) => match other.address {
            Address::V4(address) => is_in(address, *cidr),
            Address::ObjectStorage | Address::OtherService => cidr.prefix_len() == 0,
        },
        Peer::Services(services) => is_one_of(other.address, *services),
        Peer::Nsg(nsg) => other.group.is_some_and(|group| group.nsgs.contains(nsg)),
    }
}

fn is_traffic(traffic: Traffic, headers: Headers) -> bool {
    let is = |wanted: Option<u8>, actual: u16| wanted.is_none_or(|wanted| u16::from(wanted) == actual);
    let ports = |source: Ports, destination: Ports| {
        source.min <= headers.source_port
            && headers.source_port <= source.max
            && destination.min <= headers.port
            && headers.port <= destination.max
    };
    match traffic {
        Traffic::All => true,
        Traffic::Tcp { source, destination } => headers.protocol == TCP && ports(source, destination),
        Traffic::Udp { source, destination } => headers.protocol == UDP && ports(source, destination),
        Traffic::Icmp { kind, code } => {
            headers.protocol == ICMP && is(kind, headers.port / 256) && is(code, headers.port % 256)
        }
        Traffic::Protocol(number) => headers.protocol == number,
    }
}

/// What comes back, where something does: of ICMP only echo and timestamp are
/// answered.
const fn reply_to(request: Headers) -> Option<Headers> {
    let Headers { protocol, source_port, port } = request;
    match (protocol, port / 256) {
        (TCP | UDP, _) => Some(Headers { protocol, source_port: port, port: source_port }),
        (ICMP, 8) => Some(Headers { protocol, source_port, port: 0 }),
        (ICMP, 13) => Some(Headers { protocol, source_port, port: 14 * 256 }),
        (ICMP, _) => None,
        _ => Some(request),
    }
}
