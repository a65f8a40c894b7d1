//! The oracle itself, against answers worked out by hand: a small OKE network
//! as the reference builds it, and what Oracle's documentation says about it.

use super::world::net;
use super::{Address, Denied, Packet, Way, decide};
use cloudspells::prove::network::{
    Destination, Direction, Endpoint, Front, Group, GroupKind, Layer, Network, Peer, Ports, Route, SecurityRule,
    Services, Subnet, Target, Traffic, Vcn,
};
use std::net::Ipv4Addr;

const API: Endpoint = Endpoint::Group(0);
const BALANCER: Endpoint = Endpoint::Group(1);
const WORKER: Endpoint = Endpoint::Group(2);
const POD: Endpoint = Endpoint::Group(3);
const DATA: Endpoint = Endpoint::Group(4);
/// In a VCN of its own, all rules open.
const STRANGER: Endpoint = Endpoint::Group(5);

const EVERY_PORT: Ports = Ports { min: 0, max: 65535 };

const fn tcp(port: u16) -> Traffic {
    Traffic::Tcp { source: EVERY_PORT, destination: Ports { min: port, max: port } }
}

fn cidr(text: &str) -> Peer {
    Peer::Cidr(net(text))
}

fn ingress(peer: Peer, traffic: Traffic) -> SecurityRule {
    let (address, description) = (String::new(), String::new());
    SecurityRule {
        address,
        direction: Direction::Ingress,
        peer,
        traffic,
        stateless: false,
        description,
        layer: Layer::SecurityList,
    }
}

fn egress(peer: Peer, traffic: Traffic) -> SecurityRule {
    SecurityRule { direction: Direction::Egress, ..ingress(peer, traffic) }
}

fn stateless(rule: SecurityRule) -> SecurityRule {
    SecurityRule { stateless: true, ..rule }
}

fn to(destination: Destination, target: Target) -> Route {
    Route { destination, target, gateway: String::new() }
}

fn subnet(vcn: &str, block: &str, list: &str, public_ips: bool, routes: Vec<Route>) -> Subnet {
    let (security_lists, route_table) = (vec![list.to_owned()], format!("{list} routes"));
    Subnet { vcn: vcn.to_owned(), cidr: net(block), security_lists, public_ips, route_table, routes }
}

fn group(name: &str, subnet: &str, addresses: &str, public_ip: bool) -> Group {
    let (name, subnet) = (name.to_owned(), subnet.to_owned());
    let nsgs = vec![name.clone()];
    Group {
        name,
        kind: GroupKind::Role,
        subnet,
        addresses: vec![net(addresses)],
        nsgs,
        public_ip,
        fronts: Vec::new(),
        candidate_of: None,
    }
}

fn lab() -> Network {
    let everywhere = || cidr("0.0.0.0/0");
    let default = Destination::Cidr(net("0.0.0.0/0"));
    let services = Destination::Services(Services::All);
    let path_mtu = Traffic::Icmp { kind: Some(3), code: Some(4) };
    let named = |pairs: Vec<(&str, Vec<SecurityRule>)>| pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    let vcn = |block: &str| Vcn { cidrs: vec![net(block)] };
    Network {
        vcns: [("lab", vcn("10.0.0.0/16")), ("away", vcn("10.1.0.0/16"))].map(|(k, v)| (k.to_owned(), v)).into(),
        subnets: [
            ("public", subnet("lab", "10.0.0.0/24", "public", true, vec![to(default, Target::InternetGateway)])),
            (
                "private",
                subnet(
                    "lab",
                    "10.0.1.0/24",
                    "private",
                    false,
                    vec![
                        to(default, Target::NatGateway),
                        to(services, Target::ServiceGateway(Services::All)),
                        to(Destination::Cidr(net("198.51.100.0/24")), Target::Other),
                    ],
                ),
            ),
            (
                "secure",
                subnet(
                    "lab",
                    "10.0.2.0/24",
                    "secure",
                    false,
                    vec![
                        to(
                            Destination::Services(Services::ObjectStorage),
                            Target::ServiceGateway(Services::ObjectStorage),
                        ),
                        to(services, Target::ServiceGateway(Services::ObjectStorage)),
                    ],
                ),
            ),
            ("away", subnet("away", "10.1.0.0/24", "away", true, vec![to(default, Target::InternetGateway)])),
        ]
        .map(|(key, subnet)| (key.to_owned(), subnet))
        .into(),
        security_lists: named(vec![
            (
                "public",
                vec![
                    ingress(everywhere(), tcp(6443)),
                    ingress(everywhere(), path_mtu),
                    egress(everywhere(), path_mtu),
                    egress(cidr("10.0.1.0/24"), tcp(10250)),
                ],
            ),
            ("private", vec![ingress(cidr("10.0.0.0/24"), Traffic::All), egress(everywhere(), Traffic::All)]),
            (
                "secure",
                vec![
                    egress(Peer::Services(Services::All), Traffic::All),
                    ingress(cidr("10.0.1.0/24"), tcp(5432)),
                    stateless(ingress(cidr("10.0.1.0/24"), tcp(5433))),
                    ingress(cidr("10.0.1.0/24"), tcp(5434)),
                    stateless(ingress(cidr("10.0.1.0/24"), tcp(5434))),
                    stateless(ingress(cidr("10.0.1.0/24"), Traffic::Icmp { kind: None, code: None })),
                    egress(
                        cidr("10.0.1.0/24"),
                        Traffic::Tcp { source: Ports { min: 5434, max: 5434 }, destination: EVERY_PORT },
                    ),
                ],
            ),
            ("away", vec![ingress(everywhere(), Traffic::All), egress(everywhere(), Traffic::All)]),
        ]),
        nsgs: named(vec![
            ("api", vec![]),
            ("balancer", vec![egress(Peer::Nsg("worker".to_owned()), tcp(30000))]),
            ("worker", vec![egress(everywhere(), tcp(443)), ingress(Peer::Nsg("pod".to_owned()), tcp(9100))]),
            ("pod", vec![]),
            ("data", vec![]),
            ("stranger", vec![]),
        ]),
        groups: vec![
            group("api", "public", "10.0.0.0/24", true),
            group("balancer", "public", "10.0.0.0/24", false),
            group("worker", "private", "10.0.1.0/24", false),
            group("pod", "private", "10.0.1.128/25", false),
            group("data", "secure", "10.0.2.5/32", false),
            group("stranger", "away", "10.1.0.0/24", true),
        ],
        ..Network::default()
    }
}

/// An address that every one of them has.
fn usual(endpoint: Endpoint) -> Address {
    let [a, b, c, d] = match endpoint {
        API | BALANCER => [10, 0, 0, 10],
        WORKER | POD => [10, 0, 1, 200],
        DATA => [10, 0, 2, 5],
        STRANGER => [10, 1, 0, 9],
        Endpoint::Services => return Address::OtherService,
        Endpoint::Internet | Endpoint::Group(_) => [203, 0, 113, 7],
    };
    v4(a, b, c, d)
}

fn v4(a: u8, b: u8, c: u8, d: u8) -> Address {
    Address::V4(Ipv4Addr::new(a, b, c, d).into())
}

fn ask(from: Endpoint, to: Endpoint, protocol: u8, port: u16) -> Result<Way, Denied> {
    decide(&lab(), from, to, &Packet { from: usual(from), to: usual(to), protocol, source_port: 40000, port })
}

#[test]
fn a_list_opens_its_port_on_every_vnic_of_the_subnet() {
    assert_eq!(ask(Endpoint::Internet, API, 6, 6443), Ok(Way::FromInternet));
    // Whatever NSG it has; another VNIC needs only a public address.
    assert_eq!(ask(WORKER, BALANCER, 6, 6443), Ok(Way::Local));
    assert_eq!(ask(Endpoint::Internet, BALANCER, 6, 6443), Err(Denied::NoPublicAddress));
    assert_eq!(ask(Endpoint::Internet, API, 6, 6444), Err(Denied::Ingress));
    assert_eq!(ask(Endpoint::Internet, API, 17, 6443), Err(Denied::Ingress));
}

#[test]
fn both_subnets_lists_are_in_play_and_either_layer_is_enough() {
    assert_eq!(ask(API, WORKER, 6, 10250), Ok(Way::Local));
    assert_eq!(ask(API, WORKER, 6, 10251), Err(Denied::Egress));
    // Out by an NSG, in by a list.
    assert_eq!(ask(BALANCER, WORKER, 6, 30000), Ok(Way::Local));
    assert_eq!(ask(API, WORKER, 6, 30000), Err(Denied::Egress));
    // The group that a peer names, not the addresses that it may have.
    assert_eq!(ask(BALANCER, POD, 6, 30000), Err(Denied::Egress));
}

#[test]
fn rules_hold_inside_a_subnet_too() {
    assert_eq!(ask(POD, WORKER, 6, 9100), Ok(Way::Local));
    assert_eq!(ask(POD, WORKER, 6, 9101), Err(Denied::Ingress));
    assert_eq!(ask(WORKER, WORKER, 6, 9100), Err(Denied::Ingress));
    assert_eq!(ask(API, BALANCER, 6, 6443), Err(Denied::Egress));
}

#[test]
fn a_wide_list_makes_a_narrow_nsg_moot() {
    assert_eq!(ask(WORKER, Endpoint::Internet, 6, 443), Ok(Way::ToInternetThroughNatGateway));
    assert_eq!(ask(WORKER, Endpoint::Internet, 6, 22), Ok(Way::ToInternetThroughNatGateway));
    assert_eq!(ask(WORKER, Endpoint::Internet, 47, 0), Ok(Way::ToInternetThroughNatGateway));
}

#[test]
fn gateways_lead_where_they_lead() {
    assert_eq!(ask(Endpoint::Internet, WORKER, 6, 443), Err(Denied::NotThroughInternetGateway));
    assert_eq!(ask(Endpoint::Internet, DATA, 6, 5432), Err(Denied::NoRoute));
    assert_eq!(ask(DATA, Endpoint::Internet, 6, 443), Err(Denied::NoRoute));
    assert_eq!(ask(API, Endpoint::Internet, 1, 3 * 256 + 4), Ok(Way::ToInternetThroughInternetGateway));
    assert_eq!(ask(API, Endpoint::Internet, 1, 3 * 256 + 3), Err(Denied::Egress));
    assert_eq!(ask(BALANCER, Endpoint::Internet, 1, 3 * 256 + 4), Err(Denied::NoPublicAddress));
    assert_eq!(ask(WORKER, STRANGER, 6, 443), Err(Denied::AnotherVcn));
    assert_eq!(ask(Endpoint::Internet, Endpoint::Services, 6, 443), Err(Denied::NobodyHere));
    assert_eq!(ask(Endpoint::Services, STRANGER, 6, 443), Err(Denied::NobodyHere));
}

#[test]
fn a_load_balancer_that_keeps_addresses_lets_the_internet_in() {
    let mut network = lab();
    let ask = |network: &Network, protocol, port| {
        let (from, to) = (usual(Endpoint::Internet), usual(WORKER));
        decide(network, Endpoint::Internet, WORKER, &Packet { from, to, protocol, source_port: 40000, port })
    };
    network.nsgs.get_mut("worker").expect("an NSG").push(ingress(cidr("0.0.0.0/0"), Traffic::All));
    assert_eq!(ask(&network, 6, 30000), Err(Denied::NotThroughInternetGateway));
    let Endpoint::Group(worker) = WORKER else { unreachable!() };
    network.groups[worker].fronts = vec![Front { subnet: "public".to_owned(), traffic: tcp(30000) }];
    assert_eq!(ask(&network, 6, 30000), Ok(Way::FromInternetThroughLoadBalancer));
    assert_eq!(ask(&network, 6, 30001), Err(Denied::NotThroughInternetGateway));
    assert_eq!(ask(&network, 17, 30000), Err(Denied::NotThroughInternetGateway));
    // The worker's own rules have the last word.
    network.nsgs.get_mut("worker").expect("an NSG").pop();
    assert_eq!(ask(&network, 6, 30000), Err(Denied::Ingress));
    network.nsgs.get_mut("worker").expect("an NSG").push(ingress(cidr("203.0.113.0/24"), tcp(30000)));
    assert_eq!(ask(&network, 6, 30000), Ok(Way::FromInternetThroughLoadBalancer));
    // Its subnet must let it have a public address, and lead to the gateway.
    network.groups[worker].fronts[0].subnet = "private".to_owned();
    assert_eq!(ask(&network, 6, 30000), Err(Denied::NotThroughInternetGateway));
}

#[test]
fn another_vcn_is_where_both_route_tables_lead_to_it() {
    let ask = |there: Option<Target>, back: Option<Target>, attached: &[&str]| {
        let mut network = lab();
        network.drgs.insert("drg".to_owned(), attached.iter().map(|vcn| (*vcn).to_owned()).collect());
        for (key, cidr, target) in [("private", "10.1.0.0/16", there), ("away", "10.0.0.0/16", back)] {
            let subnet = network.subnets.get_mut(key).expect("a subnet");
            subnet.routes.extend(target.map(|target| to(Destination::Cidr(net(cidr)), target)));
        }
        let packet = Packet { from: usual(WORKER), to: usual(STRANGER), protocol: 6, source_port: 40000, port: 443 };
        decide(&network, WORKER, STRANGER, &packet)
    };
    let peering = |vcn: &str| Some(Target::Peering(vcn.to_owned()));
    let drg = || Some(Target::Drg("drg".to_owned()));
    assert_eq!(ask(peering("away"), peering("lab"), &[]), Ok(Way::BetweenVcns));
    assert_eq!(ask(peering("away"), None, &[]), Err(Denied::NoWayBack));
    assert_eq!(ask(None, peering("lab"), &[]), Err(Denied::AnotherVcn));
    // A peering leads to one VCN and no further.
    assert_eq!(ask(peering("elsewhere"), peering("lab"), &[]), Err(Denied::AnotherVcn));
    assert_eq!(ask(drg(), drg(), &["lab", "away"]), Ok(Way::BetweenVcns));
    assert_eq!(ask(drg(), drg(), &["lab"]), Err(Denied::AnotherVcn));
    assert_eq!(ask(peering("away"), drg(), &["lab", "away"]), Ok(Way::BetweenVcns));
}

#[test]
fn services_are_where_their_labels_lead() {
    assert_eq!(ask(WORKER, Endpoint::Services, 6, 443), Ok(Way::ToServicesThroughServiceGateway));
    // `0.0.0.0/0` names them too, and the internet gateway reaches them.
    assert_eq!(ask(STRANGER, Endpoint::Services, 6, 443), Ok(Way::ToServicesThroughInternetGateway));
    // The gateway there knows object storage only.
    assert_eq!(ask(DATA, Endpoint::Services, 6, 443), Err(Denied::ServiceGateway));
    let (from, to) = (usual(DATA), Address::ObjectStorage);
    let packet = Packet { from, to, protocol: 6, source_port: 1, port: 443 };
    assert_eq!(decide(&lab(), DATA, Endpoint::Services, &packet), Ok(Way::ToServicesThroughServiceGateway));
}

#[test]
fn the_longest_prefix_decides() {
    let to = |to| {
        let packet = Packet { from: usual(WORKER), to, protocol: 6, source_port: 1, port: 1 };
        decide(&lab(), WORKER, Endpoint::Internet, &packet)
    };
    assert_eq!(to(v4(198, 51, 99, 255)), Ok(Way::ToInternetThroughNatGateway));
    assert_eq!(to(v4(198, 51, 100, 0)), Err(Denied::OtherTarget));
    assert_eq!(to(v4(198, 51, 100, 255)), Err(Denied::OtherTarget));
    assert_eq!(to(v4(198, 51, 101, 0)), Ok(Way::ToInternetThroughNatGateway));
}

#[test]
fn a_stateless_rule_needs_one_for_the_reply_and_goes_first() {
    assert_eq!(ask(WORKER, DATA, 6, 5432), Ok(Way::Local));
    assert_eq!(ask(WORKER, DATA, 6, 5433), Err(Denied::ReplyOutOfDestination));
    assert_eq!(ask(WORKER, DATA, 6, 5434), Ok(Way::Local));
    let mut without_reply = lab();
    if let Some(rules) = without_reply.security_lists.get_mut("secure") {
        rules.pop();
    }
    let packet = Packet { from: usual(WORKER), to: usual(DATA), protocol: 6, source_port: 40000, port: 5434 };
    assert_eq!(decide(&without_reply, WORKER, DATA, &packet), Err(Denied::ReplyOutOfDestination));
    // An echo is answered, an error is not.
    assert_eq!(ask(WORKER, DATA, 1, 8 * 256), Err(Denied::ReplyOutOfDestination));
    assert_eq!(ask(WORKER, DATA, 1, 13 * 256), Err(Denied::ReplyOutOfDestination));
    assert_eq!(ask(WORKER, DATA, 1, 3 * 256 + 4), Ok(Way::Local));
}

#[test]
fn a_packet_has_addresses_of_its_ends() {
    let between = |from, from_address, to, to_address| {
        let packet = Packet { from: from_address, to: to_address, protocol: 6, source_port: 1, port: 6443 };
        decide(&lab(), from, to, &packet)
    };
    let api = usual(API);
    for (a, b, c, d) in [(10, 9, 9, 9), (100, 127, 0, 1), (172, 31, 0, 1), (240, 0, 0, 1), (0, 1, 2, 3)] {
        assert_eq!(between(Endpoint::Internet, v4(a, b, c, d), API, api), Err(Denied::Address));
    }
    for (a, b, c, d) in [(9, 255, 255, 255), (100, 128, 0, 0), (172, 32, 0, 0), (223, 255, 255, 255), (1, 0, 0, 0)] {
        assert_eq!(between(Endpoint::Internet, v4(a, b, c, d), API, api), Ok(Way::FromInternet));
    }
    assert_eq!(between(POD, v4(10, 0, 1, 127), API, api), Err(Denied::Address));
    assert_eq!(between(POD, v4(10, 0, 1, 128), API, api), Ok(Way::Local));
}
