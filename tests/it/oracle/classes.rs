//! What a question is about, in classes that every rule and route treats
//! alike: asking about one of each is asking about all. Found by comparing
//! what the oracle makes of the numbers next to every edge.

use super::{
    Address, Destination, Endpoint, Headers, Network, Other, Packet, Peer, Route, Traffic, group_of, has_address,
    is_in, is_peer, is_traffic, longest, reply_to, rules_of, to_service,
};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Those of a class that are next to an edge.
pub type Class<T> = Vec<T>;

/// Everything that may pass between some addresses, by class.
#[derive(Debug, Clone, Default)]
pub struct Classes {
    pub senders: Vec<Class<Address>>,
    pub receivers: Vec<Class<Address>>,
    /// A protocol with a destination port, or with type and code.
    pub traffic: Vec<(u8, Class<u16>)>,
    /// Of TCP, then of UDP.
    ports: [Vec<u16>; 2],
}

/// Who talks to whom, and what else tells packets apart.
pub struct Ask<'a> {
    pub network: &'a Network,
    pub from: Endpoint,
    pub to: Endpoint,
    /// Numbers of addresses, as [`number`] gives them.
    pub senders: &'a [RangeInclusive<u64>],
    pub receivers: &'a [RangeInclusive<u64>],
    pub clients: &'a [Ipv4Net],
    pub traffic: &'a [Traffic],
}

/// Ports that a client's side of a connection may have begin here.
pub const FIRST_CLIENT: u16 = 1024;

impl Classes {
    pub fn new(ask: &Ask) -> Self {
        let Ask { network, from, to, senders, receivers, clients, traffic } = ask;
        let rules = [from, to].map(|end| rules_of(network, *end));
        let mut kinds: Vec<Traffic> = rules.iter().flatten().map(|rule| rule.traffic).collect();
        kinds.extend(*traffic);
        kinds.extend(group_of(network, *to).into_iter().flat_map(|group| &group.fronts).map(|front| front.traffic));
        kinds.sort_unstable();
        kinds.dedup();
        let ports = [6, 17].map(|protocol| ports(&kinds, protocol));
        let mut traffic = icmp(&kinds);
        for (protocol, ports) in [6, 17].into_iter().zip(&ports) {
            traffic.extend(ports.iter().map(|class| (protocol, class.clone())));
        }
        // A protocol without ports is one thing, of whatever port.
        traffic.extend([0, 2, 47, 58, 255].map(|protocol| (protocol, vec![0, u16::MAX])));
        let firsts = |ports: &Vec<Class<u16>>| ports.iter().map(|class| class[0]).collect();
        Self {
            senders: addresses(network, *from, *to, senders, clients),
            receivers: addresses(network, *to, *from, receivers, &[]),
            traffic,
            ports: ports.each_ref().map(firsts),
        }
    }

    /// One port of each class that a sender may have; of clients only those
    /// that a client is given.
    pub fn source_ports(&self, protocol: u8, of_clients: bool) -> impl Iterator<Item = u16> + Clone {
        let ports = match protocol {
            6 => &self.ports[0][..],
            17 => &self.ports[1][..],
            _ => &[FIRST_CLIENT],
        };
        ports.iter().copied().filter(move |port| !of_clients || *port >= FIRST_CLIENT)
    }

    /// One packet of each class with this traffic.
    pub fn packets(&self, protocol: u8, port: u16, of_clients: bool) -> impl Iterator<Item = Packet> {
        self.senders.iter().flat_map(move |from| {
            self.receivers.iter().flat_map(move |to| {
                let packet = Packet { from: from[0], to: to[0], protocol, source_port: 0, port };
                self.source_ports(protocol, of_clients).map(move |source_port| Packet { source_port, ..packet })
            })
        })
    }
}

/// As the engine numbers addresses.
pub const fn number(address: Address) -> u64 {
    match address {
        Address::V4(address) => address as u64,
        Address::ObjectStorage => 1 << 32,
        Address::OtherService => (1 << 32) + 1,
    }
}

pub fn address(number: u64) -> Address {
    match u32::try_from(number) {
        Ok(address) => Address::V4(address),
        Err(_) if number == 1 << 32 => Address::ObjectStorage,
        Err(_) => Address::OtherService,
    }
}

/// Puts together what looks the same.
fn classes<T: Copy + Ord, S: Ord>(mut candidates: Vec<T>, looks: impl Fn(T) -> S) -> Vec<Class<T>> {
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = BTreeMap::<S, Class<T>>::new();
    for candidate in candidates {
        found.entry(looks(candidate)).or_default().push(candidate);
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort_unstable();
    found
}

fn addresses(
    network: &Network,
    endpoint: Endpoint,
    other: Endpoint,
    within: &[RangeInclusive<u64>],
    clients: &[Ipv4Net],
) -> Vec<Class<Address>> {
    let rules = rules_of(network, other);
    let routes = group_of(network, other).map_or(&[][..], |group| &network.subnets[&group.subnet].routes);
    let mut edges: Vec<u64> = within.iter().flat_map(|range| [*range.start(), *range.end()]).collect();
    edges.extend(own_edges(network, endpoint));
    let peers = rules.iter().filter_map(|rule| match rule.peer {
        Peer::Cidr(cidr) => Some(cidr),
        Peer::Services(_) | Peer::Nsg(_) => None,
    });
    // Those of its fronts lead to it, too.
    let fronts = || group_of(network, other).into_iter().flat_map(|group| &group.fronts);
    let of_fronts = || fronts().map(|front| &network.subnets[&front.subnet].routes);
    let destinations = routes.iter().chain(of_fronts().flatten()).filter_map(|route| match route.destination {
        Destination::Cidr(cidr) => Some(cidr),
        Destination::Services(_) => None,
    });
    // What the other end's own VCN has never leaves it.
    let local = group_of(network, other).map_or(&[][..], |group| {
        let vcn = &network.subnets[&group.subnet].vcn;
        &network.vcns[vcn].cidrs
    });
    let local = || local.iter().copied();
    edges.extend(peers.chain(destinations).chain(local()).chain(clients.iter().copied()).flat_map(beside));
    edges.retain(|edge| within.iter().any(|range| range.contains(edge)));
    let group = group_of(network, endpoint);
    classes(edges, |edge| {
        let address = address(edge);
        let other = Other { address, group };
        let peers: Vec<bool> = rules.iter().map(|rule| is_peer(&rule.peer, other)).collect();
        let clients: Vec<bool> =
            clients.iter().map(|cidr| matches!(address, Address::V4(address) if is_in(address, *cidr))).collect();
        let local = matches!(address, Address::V4(address) if local().any(|cidr| is_in(address, cidr)));
        let chosen = |routes: &[Route]| {
            let route = match address {
                Address::V4(address) => longest(routes, address),
                service => to_service(routes, service),
            };
            route.and_then(|route| routes.iter().position(|other| std::ptr::eq(other, route)))
        };
        let route: Vec<_> = std::iter::once(chosen(routes)).chain(of_fronts().map(|routes| chosen(routes))).collect();
        // A gateway may know one of the services and not the other.
        let service = if matches!(address, Address::V4(_)) { 0 } else { edge };
        (has_address(network, endpoint, address), peers, clients, route, (service, local))
    })
    .into_iter()
    .map(|class| class.into_iter().map(address).collect())
    .collect()
}

/// The last before, the first, the last, the first after.
fn beside(cidr: Ipv4Net) -> [u64; 4] {
    let (first, last) = (u64::from(u32::from(cidr.network())), u64::from(u32::from(cidr.broadcast())));
    [first.saturating_sub(1), first, last, last + 1]
}

/// Where the addresses of an endpoint begin and end, or may.
fn own_edges(network: &Network, endpoint: Endpoint) -> Vec<u64> {
    match endpoint {
        Endpoint::Services => vec![1 << 32, (1 << 32) + 1],
        Endpoint::Internet => {
            let vcns = network.vcns.values().flat_map(|vcn| &vcn.cidrs).copied();
            vcns.chain(super::probe::RESERVED.map(super::world::net)).flat_map(beside).collect()
        }
        Endpoint::Group(index) => {
            let group = &network.groups[index];
            group.addresses.iter().copied().chain([network.subnets[&group.subnet].cidr]).flat_map(beside).collect()
        }
    }
}

/// The addresses of an endpoint, as ranges.
pub fn ranges(network: &Network, endpoint: Endpoint) -> Vec<RangeInclusive<u64>> {
    let mut edges = own_edges(network, endpoint);
    edges.retain(|edge| has_address(network, endpoint, address(*edge)));
    edges.sort_unstable();
    edges.dedup();
    let mut found = Vec::<RangeInclusive<u64>>::new();
    let outside = own_edges(network, endpoint);
    for edge in edges {
        match found.last_mut() {
            // Between two of its addresses that are next to no edge all are.
            Some(last)
                if !outside.iter().any(|other| {
                    (*last.end()..edge).contains(other) && !has_address(network, endpoint, address(*other))
                }) =>
            {
                *last = *last.start()..=edge;
            }
            _ => found.push(edge..=edge),
        }
    }
    found
}

/// Places where something begins or ends at the other end of a conversation
/// with this endpoint, and at this.
pub fn edges(network: &Network, endpoint: Endpoint, other: Endpoint) -> Vec<u64> {
    let all = ranges(network, endpoint);
    let mut edges: Vec<u64> = addresses(network, endpoint, other, &all, &[])
        .into_iter()
        .flatten()
        .map(number)
        .chain(all.iter().flat_map(|range| [*range.start(), *range.end()]))
        .collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The ports of a protocol; a reply has them the other way round.
fn ports(kinds: &[Traffic], protocol: u8) -> Vec<Class<u16>> {
    let ranges: Vec<_> = kinds
        .iter()
        .filter_map(|traffic| match (traffic, protocol) {
            (Traffic::Tcp { source, destination }, 6) | (Traffic::Udp { source, destination }, 17) => {
                Some([*source, *destination])
            }
            _ => None,
        })
        .flatten()
        .collect();
    let mut edges = vec![0, FIRST_CLIENT - 1, FIRST_CLIENT, u16::MAX];
    for ports in &ranges {
        edges.extend([ports.min, ports.max, ports.min.saturating_sub(1), ports.max.saturating_add(1)]);
    }
    classes(edges, |port| {
        let inside: Vec<bool> = ranges.iter().map(|ports| ports.min <= port && port <= ports.max).collect();
        (port >= FIRST_CLIENT, inside)
    })
}

/// Types and codes.
fn icmp(kinds: &[Traffic]) -> Vec<(u8, Class<u16>)> {
    let (mut types, mut codes) = (vec![0, 3, 8, 13, 14, 255], vec![0, 255]);
    for traffic in kinds {
        if let Traffic::Icmp { kind, code } = traffic {
            let beside = |number: u8| [number.saturating_sub(1), number, number.saturating_add(1)];
            types.extend(kind.map(beside).into_iter().flatten());
            codes.extend(code.map(beside).into_iter().flatten());
        }
    }
    let pairs = types.iter().flat_map(|kind| codes.iter().map(move |code| u16::from(*kind) * 256 + u16::from(*code)));
    let found = classes(pairs.collect(), |port| {
        let request = Headers { protocol: 1, source_port: FIRST_CLIENT, port };
        let matched = |headers| kinds.iter().map(|traffic| is_traffic(*traffic, headers)).collect::<Vec<bool>>();
        (port / 256 == 3, matched(request), reply_to(request).map(matched))
    });
    found.into_iter().map(|class| (1, class)).collect()
}
