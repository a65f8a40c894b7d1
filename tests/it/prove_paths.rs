//! Paths and exposures by hand: those that `prove_sums.rs` found told wrongly, and
//! what random networks hardly ever have.

use cloudspells::prove::network::{
    Destination, Direction, Endpoint, Front, Group, GroupKind, Layer, Network, Peer, Ports, Route, SecurityRule,
    Services, Subnet, Target, Traffic, Vcn,
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

/// A worker behind a NAT Gateway, whose list admits HTTPS, and the load
/// balancer of a public subnet beside it.
fn behind_a_load_balancer(traffic: Traffic) -> Network {
    let mut network = network(&[ANY]);
    let public = network.subnets["subnet"].clone();
    let nat = Route {
        destination: Destination::Cidr(Ipv4Net::default()),
        target: Target::NatGateway,
        gateway: "nat".to_owned(),
    };
    let private = Subnet { public_ips: false, route_table: "private".to_owned(), routes: vec![nat], ..public.clone() };
    let beside = Subnet { cidr: "10.0.9.0/24".parse().expect("a network"), ..public };
    network.subnets = [("subnet".to_owned(), private), ("public".to_owned(), beside)].into();
    let server = &mut network.groups[0];
    server.public_ip = false;
    server.fronts = vec![Front { subnet: "public".to_owned(), traffic }];
    network
}

#[test]
fn a_path_through_a_load_balancer_says_so() {
    let https = Traffic::Tcp { source: ANY, destination: HTTPS };
    let network = behind_a_load_balancer(https);
    let engine = Engine::new(&network);
    let path = engine.path(&question(&engine, Endpoint::Internet, SERVER));
    assert!(!path.certain.is_empty());
    let flow = Flow {
        from: Endpoint::Internet,
        to: SERVER,
        clients: None,
        traffic: https,
        source: Source::Reference,
        level: Level::Required,
        purpose: "".into(),
    };
    let model = Model { network: network.clone(), flows: vec![flow.clone()], ..Model::default() };
    let report = Report::new(&model);
    assert!(report.is_proven());
    assert_eq!(
        report.flows[0].way,
        "through igw and a network load balancer in public, which keeps the client's address"
    );
    // Without the flow the same is an exposure.
    let report = Report::new(&Model { network, ..Model::default() });
    let exposed: Vec<_> = report.exposures.iter().filter(|line| line.from == ["internet"]).collect();
    assert!(exposed.iter().any(|line| line.to == ["server"] && line.traffic == "TCP 443"), "{exposed:#?}");
    // What it does not forward stays out.
    let range = Traffic::Tcp { source: ANY, destination: Ports { min: 443, max: 444 } };
    let flow = Flow { traffic: range, ..flow };
    let model = Model { network: behind_a_load_balancer(https), flows: vec![flow], ..Model::default() };
    let report = Report::new(&model);
    assert!(report.flows[0].obstacles.contains(&"network load balancers forward only TCP 443 of it".to_owned()));
}

#[test]
fn a_load_balancer_without_a_way_in_changes_nothing() {
    let https = Traffic::Tcp { source: ANY, destination: HTTPS };
    let reaches = |change: fn(&mut Network)| {
        let mut network = behind_a_load_balancer(https);
        change(&mut network);
        !Engine::new(&network).reach(Endpoint::Internet, SERVER).regions.is_empty()
    };
    assert!(reaches(|_| {}));
    assert!(!reaches(|network| network.groups[0].fronts.clear()));
    assert!(!reaches(|network| network.groups[0].fronts[0].subnet = "elsewhere".to_owned()));
    assert!(!reaches(|network| network.groups[0].fronts[0].traffic = Traffic::Protocol(47)));
    assert!(!reaches(|network| network.subnets.values_mut().for_each(|subnet| subnet.public_ips = false)));
    assert!(!reaches(|network| network.subnets.values_mut().for_each(|subnet| subnet.routes.clear())));
}

#[test]
fn a_backend_is_not_its_neighbour() {
    let https = Traffic::Tcp { source: ANY, destination: HTTPS };
    let mut network = behind_a_load_balancer(https);
    let backend = network.groups[0].clone();
    network.groups.push(Group { name: "neighbour".to_owned(), fronts: Vec::new(), ..backend });
    let report = Report::new(&Model { network, ..Model::default() });
    let exposed = report.exposures.iter().find(|line| line.from == ["internet"]).expect("it is exposed");
    assert_eq!(exposed.to, ["server"], "no rule tells them apart, the load balancer does");
}
