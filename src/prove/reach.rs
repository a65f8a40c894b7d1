//! What passes from one endpoint to another, as sets.

use super::sets::{self, Addresses, ICMP, TCP, TrafficSet, UDP};
use range_set_blaze::RangeSetBlaze;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// All connections that one endpoint can open to another: disjoint regions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub regions: Vec<Region>,
    /// Whether the rules are too many to say what passes: then it is no more
    /// than this, and nothing is certain.
    pub is_bound: bool,
}

/// A product of sets: every packet from an address in `from` and a port in
/// `source_ports` to an address in `to` with traffic in `traffic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub from: Addresses,
    pub to: Addresses,
    /// The source ports of TCP and UDP. Protocols without ports are in every
    /// region of their addresses.
    pub source_ports: RangeSetBlaze<u16>,
    pub traffic: TrafficSet,
}

/// One packet, the first of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet {
    pub from: Address,
    pub to: Address,
    /// Of TCP and UDP.
    pub source_port: u16,
    /// The IANA number.
    pub protocol: u8,
    /// Of TCP and UDP the destination port, of ICMP type × 256 + code.
    pub port: u16,
}

/// Where a packet comes from or goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Address {
    V4(Ipv4Addr),
    /// A service that the Object Storage label covers as well.
    ObjectStorage,
    OtherService,
}

impl Address {
    fn number(self) -> u64 {
        match self {
            Self::V4(address) => sets::address(address),
            Self::ObjectStorage => sets::OBJECT_STORAGE,
            Self::OtherService => sets::OTHER_SERVICE,
        }
    }
}

impl Packet {
    fn traffic(&self) -> u32 {
        let port = if [ICMP, TCP, UDP].contains(&self.protocol) { self.port } else { 0 };
        sets::at(self.protocol, port)
    }
}

impl Reach {
    pub fn contains(&self, packet: &Packet) -> bool {
        self.regions.iter().any(|region| {
            region.from.contains(packet.from.number())
                && region.to.contains(packet.to.number())
                && region.source_ports.contains(packet.source_port)
                && region.traffic.contains(packet.traffic())
        })
    }

    /// The traffic that passes between at least one pair of addresses, from at
    /// least one source port.
    pub fn possible(&self) -> TrafficSet {
        self.regions.iter().fold(TrafficSet::new(), |sum, region| sum | &region.traffic)
    }

    /// The traffic that passes between every two of these addresses, from every
    /// client port.
    pub fn certain(&self, from: &Addresses, to: &Addresses) -> TrafficSet {
        if self.is_bound {
            return TrafficSet::new();
        }
        let clients = RangeSetBlaze::from_iter([CLIENT_PORTS]);
        let size = |from: &Addresses, to: &Addresses, ports: &RangeSetBlaze<u16>| {
            from.len().saturating_mul(to.len()).saturating_mul(u128::from(ports.len()))
        };
        // The regions are disjoint: a piece of traffic passes everywhere if
        // the regions that have it are together as large as everywhere.
        let everywhere = size(from, to, &clients);
        let mut changes = BTreeMap::<u32, i128>::new();
        for region in &self.regions {
            let size = size(&(&region.from & from), &(&region.to & to), &(&region.source_ports & &clients));
            let size = i128::try_from(size).unwrap_or(i128::MAX);
            for range in region.traffic.ranges() {
                *changes.entry(*range.start()).or_default() += size;
                *changes.entry(range.end() + 1).or_default() -= size;
            }
        }
        if everywhere == 0 {
            return TrafficSet::new();
        }
        let ends = changes.keys().skip(1).copied().collect::<Vec<_>>();
        let mut sum = 0_i128;
        let mut certain = TrafficSet::new();
        for ((start, change), end) in changes.into_iter().zip(ends) {
            sum += change;
            if u128::try_from(sum).is_ok_and(|sum| sum == everywhere) {
                certain.ranges_insert(start..=end - 1);
            }
        }
        certain
    }
}

/// The source ports that an operating system may give a client: all but the
/// well-known ones.
pub const CLIENT_PORTS: RangeInclusive<u16> = 1024..=u16::MAX;
