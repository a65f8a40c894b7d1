//! Traffic and addresses as integers, so that what a rule matches is one range,
//! and what a policy admits is a set of ranges.

use super::network::{Ports, Services, Traffic};
use ipnet::{Ipv4Net, Ipv4Subnets};
use range_set_blaze::RangeSetBlaze;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

/// IPv4 addresses as numbers. The two numbers after the last address stand for
/// OCI services.
pub type Addresses = RangeSetBlaze<u64>;

/// Each protocol has 2^16 numbers: the destination ports of TCP and UDP, type ×
/// 256 + code of ICMP. Of any other protocol, a set has all numbers or none.
pub type TrafficSet = RangeSetBlaze<u32>;

pub const OBJECT_STORAGE: u64 = 1 << 32;
pub const OTHER_SERVICE: u64 = OBJECT_STORAGE + 1;

pub const ICMP: u8 = 1;
pub const TCP: u8 = 6;
pub const UDP: u8 = 17;

pub const ALL_TRAFFIC: RangeInclusive<u32> = 0..=0xff_ffff;
pub const ALL_PORTS: RangeInclusive<u16> = 0..=u16::MAX;

/// The numbers of a protocol.
pub fn protocol(number: u8) -> RangeInclusive<u32> {
    with_ports(number, &ALL_PORTS)
}

/// A protocol's numbers for some destination ports, or types and codes.
pub fn with_ports(protocol: u8, ports: &RangeInclusive<u16>) -> RangeInclusive<u32> {
    at(protocol, *ports.start())..=at(protocol, *ports.end())
}

/// One number: a protocol with a destination port, or with type × 256 + code.
pub fn at(protocol: u8, port: u16) -> u32 {
    u32::from(protocol) << 16 | u32::from(port)
}

pub fn ports(ports: Ports) -> RangeInclusive<u16> {
    ports.min..=ports.max
}

/// What a rule matches.
pub fn traffic(traffic: Traffic) -> RangeInclusive<u32> {
    match traffic {
        Traffic::All => ALL_TRAFFIC,
        Traffic::Tcp { destination, .. } => with_ports(TCP, &ports(destination)),
        Traffic::Udp { destination, .. } => with_ports(UDP, &ports(destination)),
        Traffic::Icmp { kind: None, .. } => protocol(ICMP),
        Traffic::Icmp { kind: Some(kind), code } => icmp(kind, code),
        Traffic::Protocol(number) => protocol(number),
    }
}

/// An ICMP type with one code, or with every code.
pub fn icmp(kind: u8, code: Option<u8>) -> RangeInclusive<u32> {
    let first = u16::from(kind) << 8;
    match code {
        Some(code) => with_ports(ICMP, &(first | u16::from(code)..=first | u16::from(code))),
        None => with_ports(ICMP, &(first..=first | 0xff)),
    }
}

/// The source ports that a rule matches.
pub fn source_ports(traffic: Traffic) -> RangeInclusive<u16> {
    match traffic {
        Traffic::Tcp { source, .. } | Traffic::Udp { source, .. } => ports(source),
        _ => ALL_PORTS,
    }
}

pub fn address(address: Ipv4Addr) -> u64 {
    u64::from(u32::from(address))
}

/// The addresses of a network.
pub fn network(net: Ipv4Net) -> RangeInclusive<u64> {
    address(net.network())..=address(net.broadcast())
}

/// The IPv4 addresses of a set, as networks.
pub fn networks(set: &Addresses) -> Vec<Ipv4Net> {
    let v4 = set & &Addresses::from_iter([0..=u64::from(u32::MAX)]);
    let end = |number: u64| u32::try_from(number).map(Ipv4Addr::from).ok();
    let ends = v4.ranges().filter_map(|range| Some((end(*range.start())?, end(*range.end())?)));
    ends.flat_map(|(first, last)| Ipv4Subnets::new(first, last, 0)).collect()
}

/// The addresses that a rule's CIDR matches. The public addresses of OCI
/// services are not known here, so only `0.0.0.0/0` is certain to match them.
pub fn peer_network(net: Ipv4Net) -> RangeInclusive<u64> {
    if net.prefix_len() == 0 { 0..=OTHER_SERVICE } else { network(net) }
}

pub fn services(services: Services) -> RangeInclusive<u64> {
    match services {
        Services::All => OBJECT_STORAGE..=OTHER_SERVICE,
        Services::ObjectStorage => OBJECT_STORAGE..=OBJECT_STORAGE,
    }
}

/// IPv4 ranges that are not routed on the internet: multicast, and the large
/// blocks of IANA's special-purpose registry. Small blocks, such as those for
/// documentation, count as public: a rule that names one means a public client.
const NOT_PUBLIC: [RangeInclusive<u64>; 8] = [
    0x0000_0000..=0x00ff_ffff, // 0.0.0.0/8
    0x0a00_0000..=0x0aff_ffff, // 10.0.0.0/8
    0x6440_0000..=0x647f_ffff, // 100.64.0.0/10
    0x7f00_0000..=0x7fff_ffff, // 127.0.0.0/8
    0xa9fe_0000..=0xa9fe_ffff, // 169.254.0.0/16
    0xac10_0000..=0xac1f_ffff, // 172.16.0.0/12
    0xc0a8_0000..=0xc0a8_ffff, // 192.168.0.0/16
    0xe000_0000..=0xffff_ffff, // 224.0.0.0/3
];

/// The part of some networks that is neither public nor in the VCN.
pub fn elsewhere(nets: &[Ipv4Net], vcn: Ipv4Net) -> Vec<Ipv4Net> {
    let all: Addresses = nets.iter().map(|net| network(*net)).collect();
    networks(&(all - internet([]) - Addresses::from_iter([network(vcn)])))
}

/// All public addresses except those of the given VCNs.
pub fn internet(vcns: impl IntoIterator<Item = Ipv4Net>) -> Addresses {
    let taken: Addresses = NOT_PUBLIC.into_iter().chain(vcns.into_iter().map(network)).collect();
    Addresses::from_iter([0..=u64::from(u32::MAX)]) - taken
}
