//! Questions about many packets: ranges of addresses that end where something
//! begins or ends, and traffic like that of a packet worth asking about.

use super::Packet;
use super::classes::{self, FIRST_CLIENT, number};
use super::probe::{self, Probe};
use super::world::pick;
use cloudspells::prove::network::{Endpoint, Network, Ports, Traffic};
use range_set_blaze::RangeSetBlaze;
use std::ops::RangeInclusive;

type Genes<const N: usize> = [u8; N];

/// Some senders, some receivers, some traffic.
#[derive(Debug, Clone)]
pub struct Asked {
    pub from: Endpoint,
    pub to: Endpoint,
    pub senders: Vec<RangeInclusive<u64>>,
    pub receivers: Vec<RangeInclusive<u64>>,
    pub traffic: Traffic,
    /// Packets of these addresses, besides those of every class.
    pub samples: Vec<Packet>,
}

pub const ANY: Ports = Ports { min: 0, max: u16::MAX };

impl Asked {
    pub fn new(network: &Network, ends: Genes<3>, packet: Genes<8>, from: Genes<5>, to: Genes<5>) -> Self {
        let Probe { packet: first, .. } = Probe::new(network, ends, packet);
        let (sender, receiver) = probe::endpoints(network, ends);
        let senders = part(network, sender, receiver, from, number(first.from));
        let receivers = part(network, receiver, sender, to, number(first.to));
        let (from, to) = (from.map(u64::from), to.map(u64::from));
        let samples = (0..6_u8).map(|index| {
            let genes = packet.map(|gene| gene.wrapping_mul(2 * index + 1).wrapping_add(index));
            let Probe { packet, .. } = Probe::new(network, ends, genes);
            // Ends that it is about, wherever the packet was going.
            let address = |ranges: &[RangeInclusive<u64>], bits: [u64; 5], default| {
                let ends: Vec<u64> = ranges.iter().flat_map(|range| [*range.start(), *range.end()]).collect();
                let middle = ranges.first().map(|range| {
                    let length = range.end() - range.start() + 1;
                    range.start() + (bits[3] * 0x0101_0101 + u64::from(index) * bits[4] * 0x1_0001) % length
                });
                let chosen = (bits[4] + u64::from(index)) % (ends.len() as u64 + 1);
                let end = usize::try_from(chosen).ok().and_then(|chosen| ends.get(chosen).copied());
                end.or(middle).map_or(default, classes::address)
            };
            Packet {
                from: address(&senders, from, packet.from),
                to: address(&receivers, to, packet.to),
                source_port: packet.source_port.max(FIRST_CLIENT),
                ..packet
            }
        });
        let samples = if senders.is_empty() || receivers.is_empty() { Vec::new() } else { samples.collect() };
        Self { from: sender, to: receiver, traffic: traffic_near(&first, packet[6]), senders, receivers, samples }
    }

    pub fn is_one_packet(&self) -> bool {
        let one = |ranges: &[RangeInclusive<u64>]| ranges.len() == 1 && ranges.iter().all(|r| r.start() == r.end());
        let one_port = match self.traffic {
            Traffic::Tcp { destination, .. } | Traffic::Udp { destination, .. } => destination.min == destination.max,
            Traffic::Icmp { kind, code } => kind.is_some() && code.is_some(),
            Traffic::All | Traffic::Protocol(_) => false,
        };
        one(&self.senders) && one(&self.receivers) && one_port
    }
}

/// All of an endpoint's addresses, or one, or one or two ranges of them.
pub fn part(
    network: &Network,
    endpoint: Endpoint,
    other: Endpoint,
    [shape, a, b, c, d]: Genes<5>,
    one: u64,
) -> Vec<RangeInclusive<u64>> {
    let all = classes::ranges(network, endpoint);
    let edges = classes::edges(network, endpoint, other);
    if edges.is_empty() {
        return all;
    }
    let range = |a, b| {
        let (a, b) = (*pick(&edges, a), *pick(&edges, b));
        a.min(b)..=a.max(b)
    };
    let wanted = match shape {
        0..80 => return all,
        80..150 => vec![one..=one],
        150..220 => vec![range(a, b)],
        _ => vec![range(a, b), range(c, d)],
    };
    // In a set, so that what overlaps is one.
    let sets = [all, wanted].map(RangeSetBlaze::from_iter);
    (&sets[0] & &sets[1]).ranges().collect()
}

/// What a packet is of: alone, or with its neighbours.
pub fn traffic_near(packet: &Packet, width: u8) -> Traffic {
    let Packet { protocol, port, .. } = *packet;
    let destination = match width {
        0..150 => Ports { min: port, max: port },
        150..190 => Ports { min: port, max: port.saturating_add(1000) },
        _ => ANY,
    };
    let [kind, code] = port.to_be_bytes();
    match protocol {
        _ if width > 235 => Traffic::All,
        6 => Traffic::Tcp { source: ANY, destination },
        17 => Traffic::Udp { source: ANY, destination },
        1 => Traffic::Icmp { kind: Some(kind), code: (width < 150).then_some(code) },
        number => Traffic::Protocol(number),
    }
}

/// As the engine numbers it.
pub fn line(traffic: Traffic) -> RangeInclusive<u32> {
    let of = |protocol: u8, first: u16, last: u16| at(protocol, first)..=at(protocol, last);
    match traffic {
        Traffic::All => 0..=0xff_ffff,
        Traffic::Tcp { destination, .. } => of(6, destination.min, destination.max),
        Traffic::Udp { destination, .. } => of(17, destination.min, destination.max),
        Traffic::Icmp { kind: Some(kind), code: Some(code) } => {
            let port = u16::from_be_bytes([kind, code]);
            of(1, port, port)
        }
        Traffic::Icmp { kind: Some(kind), code: None } => {
            of(1, u16::from_be_bytes([kind, 0]), u16::from_be_bytes([kind, 255]))
        }
        Traffic::Icmp { kind: None, .. } => of(1, 0, u16::MAX),
        Traffic::Protocol(number) => of(number, 0, u16::MAX),
    }
}

pub fn at(protocol: u8, port: u16) -> u32 {
    u32::from(protocol) * 65536 + u32::from(port)
}
