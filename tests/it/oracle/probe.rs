//! Packets worth asking about: at the edges of what a network's rules and
//! routes say, one step to either side.

use super::world::pick;
use super::{Address, Packet, is_in, is_internet};
use cloudspells::prove::network::{Destination, Direction, Endpoint, Network, Peer, Ports, SecurityRule, Traffic};
use ipnet::Ipv4Net;

/// TCP, UDP and ICMP three times as often as the others.
const PROTOCOLS: [u8; 14] = [6, 17, 1, 6, 17, 1, 6, 17, 1, 47, 58, 0, 255, 2];

/// A packet, and between whom it travels.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    pub from: Endpoint,
    pub to: Endpoint,
    pub packet: Packet,
}

impl Probe {
    pub fn new(network: &Network, ends: [u8; 3], genes: [u8; 8]) -> Self {
        let (from, to) = endpoints(network, ends);
        let [follow, choice, from_address, to_address, protocol, source_port, port, odd] = genes;
        // Most packets are of a kind that a rule at one of the ends is about:
        // others seldom get far.
        let rules = rules_at(network, from, to);
        let rule = if follow < 220 && !rules.is_empty() { Some(*pick(&rules, choice)) } else { None };
        let any = Ports { min: 0, max: 65535 };
        let protocol_of_any = *pick(&PROTOCOLS, protocol);
        let (protocol, sources, destinations) = match rule.map(|rule| rule.traffic) {
            None | Some(Traffic::All) => (protocol_of_any, any, any),
            Some(Traffic::Tcp { source, destination }) => (6, source, destination),
            Some(Traffic::Udp { source, destination }) => (17, source, destination),
            Some(Traffic::Icmp { .. }) => (1, any, any),
            Some(Traffic::Protocol(number)) => (number, any, any),
        };
        // A packet that such a rule matches as a reply tells more, now and then.
        let reversed = rule.is_some_and(|rule| rule.stateless) && protocol_of_any == 6;
        let (sources, destinations) = if reversed { (destinations, sources) } else { (sources, destinations) };
        let port = if protocol == 1 { icmp(rule, port) } else { port_near(destinations, port) };
        let peers: Vec<_> = rules
            .iter()
            .filter_map(|rule| match &rule.peer {
                Peer::Cidr(cidr) => Some(*cidr),
                Peer::Services(_) | Peer::Nsg(_) => None,
            })
            .collect();
        let packet = Packet {
            from: address(network, from, &peers, from_address, odd),
            to: address(network, to, &peers, to_address, odd.rotate_left(3)),
            protocol,
            source_port: port_near(sources, source_port),
            port,
        };
        Self { from, to, packet }
    }
}

pub fn endpoints(network: &Network, [from, to, odd_one_out]: [u8; 3]) -> (Endpoint, Endpoint) {
    let groups: Vec<_> = (0..network.groups.len()).map(Endpoint::Group).collect();
    let end = |byte: u8, services: u8| match byte {
        0..180 => *pick(&groups, (byte / 5) * 7),
        _ if byte >= services => Endpoint::Services,
        _ => Endpoint::Internet,
    };
    let (from, to) = (end(from, 254), end(to, 215));
    // Nothing passes that neither begins nor ends here: hardly worth asking.
    let nobody = !matches!(from, Endpoint::Group(_)) && !matches!(to, Endpoint::Group(_));
    (from, if nobody && odd_one_out < 230 { groups[0] } else { to })
}

/// The rules that have a say: out of the source, into the destination.
fn rules_at(network: &Network, from: Endpoint, to: Endpoint) -> Vec<&SecurityRule> {
    let mut found = Vec::new();
    for (end, direction) in [(from, Direction::Egress), (to, Direction::Ingress)] {
        let Endpoint::Group(index) = end else { continue };
        let group = &network.groups[index];
        let lists = network.subnets[&group.subnet].security_lists.iter().map(|key| &network.security_lists[key]);
        let rules = lists.chain(group.nsgs.iter().map(|key| &network.nsgs[key])).flatten();
        found.extend(rules.filter(|rule| rule.direction == direction));
    }
    found
}

/// In a range or just beside it, or anywhere.
fn port_near(ports: Ports, byte: u8) -> u16 {
    let middle = u16::midpoint(ports.min, ports.max);
    let near =
        [ports.min, ports.max, middle, ports.min.saturating_sub(1), ports.max.saturating_add(1), 80, 81, 443, 0, 65535];
    *pick(&near, byte)
}

/// The type and code of a rule, those beside it, or some that matter to
/// replies.
fn icmp(rule: Option<&SecurityRule>, byte: u8) -> u16 {
    let (kind, code) = match rule.map(|rule| rule.traffic) {
        Some(Traffic::Icmp { kind, code }) => (kind, code),
        _ => (None, None),
    };
    let of = |kind: u8, code: u8| u16::from(kind) * 256 + u16::from(code);
    let (some_kind, some_code) = (kind.unwrap_or(8), code.unwrap_or(0));
    let near = [
        of(8, 0),
        of(some_kind, some_code),
        of(some_kind, some_code),
        of(some_kind, some_code.wrapping_add(1)),
        of(some_kind, some_code.wrapping_sub(1)),
        of(some_kind.wrapping_add(1), some_code),
        of(some_kind.wrapping_sub(1), some_code),
        of(some_kind, 255),
        of(13, 0),
        of(3, 4),
        of(255, 255),
        of(0, 0),
    ];
    *pick(&near, byte)
}

fn edges(cidr: Ipv4Net) -> [u32; 4] {
    let (first, last) = (u32::from(cidr.network()), u32::from(cidr.broadcast()));
    [first, last, first.wrapping_sub(1), last.wrapping_add(1)]
}

/// An address of an endpoint, mostly; sometimes one that it does not have.
fn address(network: &Network, endpoint: Endpoint, peers: &[Ipv4Net], byte: u8, odd: u8) -> Address {
    let foreign = if endpoint == Endpoint::Internet { odd % 8 == 7 } else { odd % 32 == 31 };
    if foreign && byte >= 250 {
        return Address::ObjectStorage;
    }
    let mut cidrs = peers.to_vec();
    let group = match endpoint {
        Endpoint::Services if foreign => return Address::V4(u32::from_be_bytes([8, 8, 8, 8])),
        Endpoint::Services => return *pick(&[Address::OtherService, Address::ObjectStorage], byte),
        Endpoint::Internet => {
            let vcns = network.vcns.values().flat_map(|vcn| &vcn.cidrs);
            // A VCN may have what would otherwise be the internet's.
            if foreign && byte < 160 {
                cidrs.clear();
                cidrs.extend(vcns.filter(|cidr| !cidr.addr().is_private()));
            } else {
                let routes = network.subnets.values().flat_map(|subnet| &subnet.routes);
                cidrs.extend(vcns);
                cidrs.extend(routes.filter_map(|route| match route.destination {
                    Destination::Cidr(cidr) => Some(cidr),
                    Destination::Services(_) => None,
                }));
                cidrs.extend(RESERVED.map(super::world::net));
            }
            None
        }
        Endpoint::Group(index) => {
            let group = &network.groups[index];
            let cidr = network.subnets[&group.subnet].cidr;
            cidrs.extend(&group.addresses);
            cidrs.extend([cidr, cidr]);
            Some((cidr, group))
        }
    };
    let has = |address: &u32| match group {
        Some((cidr, group)) => is_in(*address, cidr) && group.addresses.iter().any(|part| is_in(*address, *part)),
        None => is_internet(network, *address),
    };
    let mut candidates: Vec<u32> = cidrs.iter().copied().flat_map(edges).collect();
    candidates.push(match group {
        // In the middle, where nothing else is.
        Some((cidr, _)) => u32::from(cidr.network()) + (1 << (32 - cidr.prefix_len())) / 2,
        None => u32::from_be_bytes([8, 8, 8, 8]),
    });
    if candidates.iter().any(|address| has(address) != foreign) {
        candidates.retain(|address| has(address) != foreign);
    }
    Address::V4(*pick(&candidates, byte))
}

/// What is not the internet.
pub const RESERVED: [&str; 8] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
];
