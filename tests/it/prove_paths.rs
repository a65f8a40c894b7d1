//! Paths and exposures by hand: those that `prove_sums.rs` found told wrongly, and
//! what random networks hardly ever have.

use cloudspells::prove::network::{
    Destination, Direction, Endpoint, Group, GroupKind, Layer, Network, Peer, Ports, Route, SecurityRule, Services,
    Subnet, Target, Traffic, Vcn,
};
use cloudspells::prove::{Engine, Flow, Level, Model, Question, Report, Source, Way};
use ipnet::Ipv4Net;
use range_set_blaze::RangeSetBlaze;

const SERVER: Endpoint = Endpoint::Group(0);
const ANY: Ports = Ports { min: 0, max: u16::MAX };
const HTTPS: Ports = Ports { min: 443, max: 443 };

/// A server that lets HTTPS in from some source ports, rule by rule.
fn network(sources: &[Ports]) -> Network {
    let cidr: Ipv4Net = "10.0.0.0/24".parse().expect("a network");
    let rule = |(index, source): (usize, &Ports)| SecurityRule {
        address: format!("rule{index}"),
        direction: Direction::Ingress,
        peer: Peer::Cidr(Ipv4Net::default()),
        traffic: Traffic::Tcp { source: *source, destination: HTTPS },
        stateless: false,
        description: String::new(),
        layer: Layer::SecurityList,
    };
    let anything = |direction| SecurityRule { direction, traffic: Traffic::All, ..rule((9, &ANY)) };
    let route = |destination, target, gateway: &str| Route { destination, target, gateway: gateway.to_owned() };
    let services = Target::ServiceGateway(Services::All);
    let mut rules: Vec<_> = sources.iter().enumerate().map(rule).collect();
    rules.push(anything(Direction::Egress));
    Network {
        vcns: [("vcn".to_owned(), Vcn { cidrs: vec![cidr] })].into(),
        subnets: [(
            "subnet".to_owned(),
            Subnet {
                vcn: "vcn".to_owned(),
                cidr,
                security_lists: vec!["list".to_owned()],
                public_ips: true,
                route_table: "table".to_owned(),
                routes: vec![
                    route(Destination::Cidr(Ipv4Net::default()), Target::InternetGateway, "igw"),
                    route(Destination::Services(Services::ObjectStorage), services.clone(), "sgw"),
                    route(Destination::Services(Services::All), services, "sgw"),
                ],
            },
        )]
        .into(),
        security_lists: [("list".to_owned(), rules)].into(),
        groups: vec![Group {
            name: "server".to_owned(),
            kind: GroupKind::Role,
            subnet: "subnet".to_owned(),
            addresses: vec![cidr],
            nsgs: Vec::new(),
            public_ip: true,
            fronts: Vec::new(),
            candidate_of: None,
        }],
        ..Network::default()
    }
}

fn question(engine: &Engine, from: Endpoint, to: Endpoint) -> Question {
    let https = 6 << 16 | 443;
    Question {
        from,
        senders: engine.addresses(from),
        to,
        receivers: engine.addresses(to),
        traffic: RangeSetBlaze::from_iter([https..=https]),
        is_answer: false,
    }
}

fn carriers(sources: &[Ports]) -> Vec<String> {
    let network = network(sources);
    let engine = Engine::new(&network);
    let path = engine.path(&question(&engine, Endpoint::Internet, SERVER));
    path.ingress.into_iter().flat_map(|hop| hop.rules).map(|rule| rule.address.clone()).collect()
}

#[test]
fn a_rule_that_no_client_uses_carries_nothing_alone() {
    let dns = Ports { min: 53, max: 53 };
    assert_eq!(carriers(&[dns, ANY]), ["rule1"]);
    // Every port that a client may be given is enough.
    assert_eq!(carriers(&[dns, Ports { min: 1024, max: u16::MAX }, ANY]), ["rule1", "rule2"]);
}

#[test]
fn what_is_broken_for_some_ports_of_clients_has_an_obstacle() {
    let first = Ports { min: 1024, max: 2047 };
    let flow = Flow {
        from: Endpoint::Internet,
        to: SERVER,
        clients: None,
        traffic: Traffic::Tcp { source: ANY, destination: HTTPS },
        source: Source::Reference,
        level: Level::Required,
        purpose: "".into(),
    };
    let report = Report::new(&Model { network: network(&[first]), flows: vec![flow], ..Model::default() });
    assert!(!report.is_proven());
    assert_eq!(
        report.flows[0].obstacles,
        [
            "no ingress rule at server admits TCP 443; nearest: rule0, ingress TCP 443 from source port 1024-2047 from 0.0.0.0/0"
        ]
    );
}

#[test]
fn a_gateway_of_several_routes_is_named_once() {
    let network = network(&[]);
    let engine = Engine::new(&network);
    let path = engine.path(&question(&engine, SERVER, Endpoint::Services));
    assert!(matches!(path.way, Way::Gateways(gateways) if gateways == ["sgw"]));
}

#[test]
fn an_exposure_names_rules_that_open_a_part_of_it_for_a_part() {
    let mut network = network(&[ANY, ANY, ANY]);
    let opened = [("8.0.0.0/8", 80, 80), ("8.0.0.0/8", 81, 81), ("9.0.0.0/8", 80, 81)];
    for (rule, (peer, min, max)) in network.security_lists.values_mut().flatten().zip(opened) {
        rule.peer = Peer::Cidr(peer.parse().expect("a network"));
        rule.traffic = Traffic::Tcp { source: ANY, destination: Ports { min, max } };
    }
    let report = Report::new(&Model { network, ..Model::default() });
    let line = report.exposures.iter().find(|line| line.from == ["internet"]).expect("it is exposed");
    assert_eq!((&line.senders[..], line.traffic.as_str()), (&["8.0.0.0/7".to_owned()][..], "TCP 80-81"));
    let mut rules: Vec<_> = line.opened_by.iter().map(|rule| rule.address.as_str()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["rule0", "rule1", "rule2"]);
}
