//! Small networks whose rules collide, and packets at the edges of what the
//! rules say. A world is made of bytes, each a choice from a table that
//! begins with the plainest: so it shrinks towards the plain.

use super::probe::Probe;
use cloudspells::prove::network::{
    Destination, Direction, Front, Group, GroupKind, Layer, Network, Peer, Ports, Route, SecurityRule, Services,
    Subnet, Target, Traffic, Vcn,
};
use ipnet::Ipv4Net;
use proptest::collection::vec;
use proptest::prelude::*;

/// A network with what to ask about it.
#[derive(Debug, Clone)]
pub struct World {
    pub network: Network,
    pub probes: Vec<Probe>,
}

type Genes<const N: usize> = [u8; N];

pub fn networks() -> impl Strategy<Value = Network> {
    let rules = || vec(any::<Genes<8>>(), 0..=6);
    let network = (
        vec(any::<u8>(), 1..=2),
        vec(vec(any::<Genes<2>>(), 0..=8), 1..=3),
        vec(rules(), 0..=3),
        vec(rules(), 0..=4),
        vec(any::<Genes<5>>(), 1..=4),
        vec(any::<Genes<5>>(), 1..=5),
        vec(any::<Genes<3>>(), 1..=5),
        vec(any::<Genes<4>>(), 1..=6),
    );
    network.prop_map(|(vcns, tables, lists, nsgs, subnets, groups, links, fronts)| {
        let mut network = build(&vcns, &tables, &lists, &nsgs, &subnets, &groups);
        link(&mut network, &links);
        fronts.iter().for_each(|genes| forward(&mut network, *genes));
        network
    })
}

/// Worlds of 24 to 50 probes.
pub fn worlds() -> impl Strategy<Value = World> {
    let conversations = vec((any::<Genes<3>>(), vec(any::<Genes<8>>(), 8..=10)), 3..=5);
    (networks(), conversations).prop_map(|(network, conversations)| {
        let probes = conversations
            .iter()
            .flat_map(|(ends, packets)| packets.iter().map(|packet| Probe::new(&network, *ends, *packet)))
            .collect();
        World { network, probes }
    })
}

/// The entry of a table that a byte stands for; the order is kept.
pub fn pick<T>(table: &[T], byte: u8) -> &T {
    &table[usize::from(byte) * table.len() / 256]
}

/// A chance of so many in 256; the small bytes, the plain ones, say no.
const fn chance(byte: u8, of_256: u8) -> bool {
    byte > 255 - of_256
}

pub fn net(text: impl AsRef<str>) -> Ipv4Net {
    text.as_ref().parse().expect("a network")
}

/// What a VCN may be made of. Two that overlap are fine: they never meet.
const VCNS: [&[&str]; 5] = [
    &["10.0.0.0/24"],
    &["10.1.0.0/24"],
    &["10.0.0.0/24", "8.8.8.0/25"],
    &["203.0.113.0/24"],
    &["10.2.0.0/25", "10.2.0.128/25"],
];

/// Public ones that nest, touch one another and the reserved ranges; one is
/// not in canonical form.
const INTERNET: [&str; 20] = [
    "8.8.8.0/24",
    "8.8.8.8/32",
    "8.8.0.0/16",
    "8.0.0.0/8",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "9.0.0.0/8",
    "8.8.9.0/24",
    "8.8.8.8/31",
    "8.0.0.0/5",
    "203.0.113.0/25",
    "100.0.0.0/8",
    "192.0.0.0/8",
    "172.32.0.0/11",
    "223.255.255.255/32",
    "224.0.0.0/3",
    "0.0.0.0/32",
    "255.255.255.255/32",
    "126.0.0.0/7",
    "8.8.8.9/16",
];

const PORTS: [(u16, u16); 14] = [
    (80, 80),
    (0, 65535),
    (443, 443),
    (80, 81),
    (79, 79),
    (82, 90),
    (0, 0),
    (65535, 65535),
    (0, 79),
    (81, 65535),
    (1024, 65535),
    (0, 65534),
    (1, 65535),
    (90, 1024),
];

/// ICMP as rules name it; a code without a type OCI does not have.
const ICMP: [(Option<u8>, Option<u8>); 13] = [
    (None, None),
    (Some(8), None),
    (Some(8), Some(0)),
    (Some(0), None),
    (Some(0), Some(0)),
    (Some(3), None),
    (Some(3), Some(4)),
    (Some(3), Some(3)),
    (Some(3), Some(255)),
    (Some(13), None),
    (Some(14), Some(0)),
    (Some(255), Some(255)),
    (Some(9), Some(255)),
];

const PROTOCOLS: [u8; 7] = [47, 6, 17, 1, 58, 0, 255];

const TARGETS: [Target; 12] = [
    Target::InternetGateway,
    Target::InternetGateway,
    Target::InternetGateway,
    Target::InternetGateway,
    Target::NatGateway,
    Target::NatGateway,
    Target::NatGateway,
    Target::ServiceGateway(Services::All),
    Target::ServiceGateway(Services::All),
    Target::ServiceGateway(Services::ObjectStorage),
    Target::ServiceGateway(Services::ObjectStorage),
    Target::Other,
];

fn build(
    vcns: &[u8],
    tables: &[Vec<Genes<2>>],
    lists: &[Vec<Genes<8>>],
    nsgs: &[Vec<Genes<8>>],
    subnets: &[Genes<5>],
    groups: &[Genes<5>],
) -> Network {
    let mut network = Network::default();
    for (index, byte) in vcns.iter().enumerate() {
        // The second one is mostly another, so that there is a way between them.
        let from = if index == 0 { &VCNS[..] } else { &VCNS[1..] };
        let cidrs = pick(from, byte.rotate_left(2)).iter().map(net).collect();
        network.vcns.insert(format!("vcn{index}"), Vcn { cidrs });
    }
    for (index, genes) in subnets.iter().enumerate() {
        let (key, subnet) = subnet(&network, index, *genes, tables, lists.len());
        network.subnets.insert(key, subnet);
    }
    let local = local_cidrs(&network);
    let rules = |container: &str, genes: &[Genes<8>]| -> Vec<SecurityRule> {
        genes
            .iter()
            .enumerate()
            .map(|(index, genes)| rule(format!("{container}.{index}"), *genes, &local, nsgs.len()))
            .collect()
    };
    for (index, genes) in lists.iter().enumerate() {
        let key = format!("list{index}");
        network.security_lists.insert(key.clone(), rules(&key, genes));
    }
    for (index, genes) in nsgs.iter().enumerate() {
        let key = format!("nsg{index}");
        network.nsgs.insert(key.clone(), rules(&key, genes));
    }
    for (index, genes) in groups.iter().enumerate() {
        let group = group(&network, index, *genes);
        network.groups.push(group);
    }
    network
}

/// One in a CIDR of one of the VCNs; never one over another, as in OCI.
fn subnet(
    network: &Network,
    index: usize,
    genes: Genes<5>,
    tables: &[Vec<Genes<2>>],
    lists: usize,
) -> (String, Subnet) {
    let [vcn, size, list_bits, table, public] = genes;
    let vcns: Vec<_> = network.vcns.iter().collect();
    let (vcn, contents) = pick(&vcns, vcn);
    let block = pick(&contents.cidrs, size.wrapping_mul(16));
    // One of the four quarters, or a part of it.
    let quarter = block.prefix_len() + 2;
    let first = u32::from(block.network()) + u32::try_from(index).expect("small") * (1 << (32 - quarter));
    let length = *pick(&[quarter, quarter, quarter, quarter + 1, 30, 32], size);
    let cidr = Ipv4Net::new(first.into(), length).expect("at most 32");
    let table_index = usize::from(table) * tables.len() / 256;
    let routes = tables[table_index].iter().map(|genes| route(*genes)).collect();
    let mut security_lists: Vec<_> = (0..lists)
        .filter(|list| (list_bits | list_bits >> 3) & (1 << list) != 0)
        .map(|list| format!("list{list}"))
        .collect();
    if list_bits & 128 != 0 {
        security_lists.reverse();
    }
    if list_bits & 0b111_0000 == 0b111_0000 && !security_lists.is_empty() {
        security_lists.push(security_lists[0].clone());
    }
    let subnet = Subnet {
        vcn: (*vcn).clone(),
        cidr,
        security_lists,
        public_ips: !chance(public, 64),
        route_table: format!("table{table_index}"),
        routes,
    };
    (format!("subnet{index}"), subnet)
}

fn route([destination, target]: Genes<2>) -> Route {
    let destination = match destination {
        0..85 => Destination::Cidr(net("0.0.0.0/0")),
        85..120 => Destination::Services(Services::All),
        120..150 => Destination::Services(Services::ObjectStorage),
        // The first ones nest; the others come too.
        150..215 => Destination::Cidr(net(pick(&INTERNET[..6], (destination - 150) * 3))),
        _ => Destination::Cidr(net(pick(&INTERNET, (destination - 215) * 6))),
    };
    let target = pick(&TARGETS, target).clone();
    Route { destination, gateway: format!("{target:?}"), target }
}

/// Routes from VCN to VCN. Each link is of one subnet, or of all.
fn link(network: &mut Network, links: &[Genes<3>]) {
    let vcns: Vec<_> = network.vcns.keys().cloned().collect();
    let [first, second] = vcns.as_slice() else { return };
    network.drgs.insert("both".to_owned(), vcns.iter().cloned().collect());
    network.drgs.insert("one".to_owned(), [second.clone()].into());
    let cidrs: Vec<_> = [second, first].into_iter().map(|vcn| network.vcns[vcn].cidrs.clone()).collect();
    for [which, how, part] in links {
        for (index, subnet) in network.subnets.values_mut().enumerate() {
            if *which >= 176 && index != usize::from(*which) % 4 {
                continue;
            }
            let is_first = subnet.vcn == *first;
            let (far, cidrs) = if is_first { (second, &cidrs[0]) } else { (first, &cidrs[1]) };
            let cidr = *pick(cidrs, part.wrapping_mul(16));
            let half = Ipv4Net::new(cidr.broadcast(), cidr.prefix_len() + 1).expect("at most 32").trunc();
            let destination = *pick(&[cidr, cidr, cidr, half, net("10.0.0.0/8"), net("0.0.0.0/0")], *part);
            let target = match how {
                0..100 => Target::Peering(far.clone()),
                100..110 => Target::Peering(subnet.vcn.clone()),
                110..210 => Target::Drg("both".to_owned()),
                210..230 => Target::Drg("one".to_owned()),
                _ => Target::NatGateway,
            };
            let gateway = match target {
                Target::Peering(_) => "Peering",
                Target::Drg(_) => "Drg",
                _ => "NatGateway",
            };
            let destination = Destination::Cidr(destination);
            subnet.routes.push(Route { destination, target, gateway: gateway.to_owned() });
        }
    }
}

/// A network load balancer before one of the groups, mostly one that nothing
/// else leads to from the internet.
fn forward(network: &mut Network, [group, subnet, traffic, ports]: Genes<4>) {
    let mut subnets: Vec<_> = network.subnets.keys().cloned().collect();
    let is_public = |subnet: &Subnet| {
        let everywhere = Destination::Cidr(Ipv4Net::default());
        let default = subnet.routes.iter().find(|route| route.destination == everywhere);
        subnet.public_ips && default.is_some_and(|route| route.target == Target::InternetGateway)
    };
    let public: Vec<_> = subnets.iter().filter(|key| is_public(&network.subnets[*key])).cloned().collect();
    if subnet % 4 != 3 && !public.is_empty() {
        subnets = public;
    }
    let groups: Vec<_> = (0..network.groups.len()).collect();
    let (min, max) = *pick(&PORTS, ports);
    let (source, destination) = (Ports { min: 0, max: 65535 }, Ports { min, max });
    let traffic = match traffic {
        0..110 => Traffic::Tcp { source, destination },
        110..180 => Traffic::Udp { source, destination },
        180..200 => Traffic::Icmp { kind: None, code: None },
        200..215 => Traffic::Protocol(47),
        _ => Traffic::All,
    };
    let subnet = pick(&subnets, subnet).clone();
    let group = &mut network.groups[*pick(&groups, group)];
    group.public_ip &= ports % 2 == 0;
    group.fronts.push(Front { subnet, traffic });
}

/// The networks that rules about this side of the gateways would name.
fn local_cidrs(network: &Network) -> Vec<Ipv4Net> {
    let mut cidrs: Vec<Ipv4Net> = network.vcns.values().flat_map(|vcn| vcn.cidrs.clone()).collect();
    for subnet in network.subnets.values() {
        let (first, last) = (subnet.cidr.network(), subnet.cidr.broadcast());
        let half = (subnet.cidr.prefix_len() + 1).min(32);
        let slice = |address, length| Ipv4Net::new(address, length).expect("at most 32");
        cidrs.extend([
            subnet.cidr,
            subnet.cidr,
            slice(first, half).trunc(),
            slice(last, half).trunc(),
            slice(first, 32),
            slice(last, 32),
            // Not in canonical form, but the same network.
            slice(last, subnet.cidr.prefix_len()),
        ]);
    }
    cidrs
}

fn rule(address: String, genes: Genes<8>, local: &[Ipv4Net], nsgs: usize) -> SecurityRule {
    let [direction, stateless, peer, which, traffic, source, destination, other] = genes;
    let ports = |byte| {
        let (min, max) = *pick(&PORTS, byte);
        Ports { min, max }
    };
    // Three of four say nothing about the source.
    let source = if source < 170 { Ports { min: 0, max: 65535 } } else { ports((source - 170) * 3) };
    let destination = ports(destination);
    let peer = match peer {
        0..100 => Peer::Cidr(net("0.0.0.0/0")),
        100..150 => Peer::Cidr(*pick(local, which)),
        150..190 => Peer::Cidr(net(pick(&INTERNET, which))),
        190..225 => Peer::Services(*pick(&[Services::All, Services::ObjectStorage], which)),
        // The one too many is an NSG that nobody is in.
        _ => Peer::Nsg(format!("nsg{}", usize::from(which) * (nsgs + 1) / 256)),
    };
    let traffic = match traffic {
        0..75 => Traffic::All,
        75..130 => Traffic::Tcp { source, destination },
        130..170 => Traffic::Udp { source, destination },
        170..220 => {
            let (kind, code) = *pick(&ICMP, other);
            Traffic::Icmp { kind, code }
        }
        _ => Traffic::Protocol(*pick(&PROTOCOLS, other)),
    };
    SecurityRule {
        address,
        direction: *pick(&[Direction::Egress, Direction::Ingress], direction),
        peer,
        traffic,
        stateless: chance(stateless, 90),
        description: String::new(),
        layer: Layer::SecurityList,
    }
}

fn group(network: &Network, index: usize, genes: Genes<5>) -> Group {
    let [subnet, place, nsg_bits, public, kind] = genes;
    let subnets: Vec<_> = network.subnets.iter().collect();
    let (key, subnet) = *pick(&subnets, subnet);
    let cidr = subnet.cidr;
    let slice = |address, length: u8| Ipv4Net::new(address, length.min(32)).expect("at most 32").trunc();
    let (first, last, length) = (cidr.network(), cidr.broadcast(), cidr.prefix_len());
    let addresses = match place {
        0..150 => vec![cidr],
        150..170 => vec![slice(first, length + 1)],
        170..185 => vec![slice(first, 32)],
        185..200 => vec![slice(last, 32), slice(first, 32)],
        200..215 => vec![slice(first, length + 2), slice(last, length + 2)],
        215..230 => vec![slice(first, length + 1), slice(first, length + 3)],
        // More than the subnet has, and nothing of it.
        230..243 => vec![slice(first, length - 2)],
        243..249 => vec![net("8.8.8.0/24"), net("10.0.0.0/30")],
        _ => vec![],
    };
    // Half of the groups are in about half of the NSGs, a quarter in none.
    let mut nsgs: Vec<_> = (0..network.nsgs.len())
        .filter(|nsg| nsg_bits & (1 << nsg) != 0 && kind < 192)
        .map(|nsg| format!("nsg{nsg}"))
        .collect();
    if nsg_bits & 128 != 0 {
        nsgs.reverse();
    }
    Group {
        name: format!("group{index}"),
        kind: if kind < 192 { GroupKind::Role } else { GroupKind::Other },
        subnet: key.clone(),
        addresses,
        nsgs,
        public_ip: !chance(public, 64),
        fronts: Vec::new(),
        candidate_of: None,
    }
}
