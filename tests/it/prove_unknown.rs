//! What a model does not know: what is certain stays so, what may be is said,
//! and nothing is closed for want of knowledge.

use crate::oracle::run::{case_count, runner};
use crate::oracle::world::{net, networks};
use cloudspells::prove::network::{
    Destination, Direction, Endpoint, Front, Group, GroupKind, Layer, Network, Peer, Ports, Route, SecurityRule,
    Subnet, Target, Traffic, Vcn,
};
use cloudspells::prove::{
    Certainty, Concerns, Engine, Exposure, Flow, FlowResult, Level, May, Model, Report, Severity, Source, Unknown,
    exposures,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

const EVERY_PORT: Ports = Ports { min: 0, max: 65535 };

fn rule(direction: Direction, traffic: Traffic, cidr: &str) -> SecurityRule {
    SecurityRule {
        address: format!("{} rule", direction.word()),
        direction,
        peer: Peer::Cidr(net(cidr)),
        traffic,
        stateless: false,
        description: String::new(),
        layer: Layer::Nsg,
    }
}

const fn tcp(port: u16) -> Traffic {
    Traffic::Tcp { source: EVERY_PORT, destination: Ports { min: port, max: port } }
}

fn group(name: &str, subnet: &str, nsgs: &[&str]) -> Group {
    Group {
        name: name.to_owned(),
        kind: GroupKind::Role,
        subnet: subnet.to_owned(),
        addresses: vec![net("10.0.0.0/16")],
        nsgs: nsgs.iter().map(|nsg| (*nsg).to_owned()).collect(),
        public_ip: true,
        fronts: Vec::new(),
        candidate_of: None,
    }
}

fn subnet(cidr: &str, target: Target) -> Subnet {
    Subnet {
        vcn: "vcn".to_owned(),
        cidr: net(cidr),
        security_lists: Vec::new(),
        public_ips: true,
        route_table: "table".to_owned(),
        routes: vec![Route { destination: Destination::Cidr(net("0.0.0.0/0")), target, gateway: "gateway".to_owned() }],
    }
}

/// A server behind an NSG without rules, in a public subnet.
fn network() -> Network {
    Network {
        vcns: [("vcn".to_owned(), Vcn { cidrs: vec![net("10.0.0.0/16")] })].into(),
        subnets: [("public".to_owned(), subnet("10.0.0.0/24", Target::InternetGateway))].into(),
        nsgs: [("nsg".to_owned(), Vec::new())].into(),
        groups: vec![group("server", "public", &["nsg"])],
        ..Network::default()
    }
}

fn with_rule(mut network: Network, rule: SecurityRule) -> Network {
    network.nsgs.entry("nsg".to_owned()).or_default().push(rule);
    network
}

fn unknown(may: May, concerns: Concerns) -> Unknown {
    let (address, attribute, why) = ("thing".to_owned(), "attribute".to_owned(), "nobody knows".to_owned());
    Unknown { address, attribute, why, may, concerns, is_as_named: false }
}

fn https(to: usize) -> Flow {
    Flow {
        from: Endpoint::Internet,
        to: Endpoint::Group(to),
        clients: None,
        traffic: tcp(443),
        source: Source::Oracle,
        level: Level::Required,
        purpose: "clients reach it".into(),
    }
}

fn open() -> SecurityRule {
    rule(Direction::Ingress, tcp(443), "0.0.0.0/0")
}

fn result(model: &Model) -> (FlowResult, Vec<String>) {
    let report = Report::new(model);
    assert_eq!(report.flows.len(), 1, "{:#?}", report.flows);
    (report.flows[0].result, report.flows[0].reasons.clone())
}

#[test]
fn a_flow_is_proven_broken_or_unknown_by_both_networks() {
    let (closed, opened) = (network(), with_rule(network(), open()));
    let model = |least: &Network, most: Option<&Network>| Model {
        network: least.clone(),
        widest: most.cloned(),
        flows: vec![https(0)],
        ..Model::default()
    };
    assert_eq!(result(&model(&opened, None)).0, FlowResult::Proven);
    assert_eq!(result(&model(&opened, Some(&opened))).0, FlowResult::Proven);
    assert_eq!(result(&model(&closed, Some(&closed))).0, FlowResult::Broken);
    let (both, reasons) = result(&model(&closed, Some(&opened)));
    assert_eq!((both, reasons.len()), (FlowResult::Unknown, 1), "it may pass");
    // More rules may close: a stateless one goes first.
    let stateless = SecurityRule { stateless: true, ..open() };
    assert_eq!(result(&model(&opened, Some(&with_rule(opened.clone(), stateless)))).0, FlowResult::Unknown);
}

#[test]
fn what_is_not_known_counts_against_the_verdict_of_those_whom_it_concerns() {
    let elsewhere = Concerns::Subnet("another".to_owned());
    let here = [
        Concerns::Everything,
        Concerns::Vcn("vcn".to_owned()),
        Concerns::Subnet("public".to_owned()),
        Concerns::Group("server".to_owned()),
    ];
    let judged = |network: &Network, may, concerns: &Concerns| {
        let unknowns = vec![unknown(may, concerns.clone())];
        let (network, flows) = (network.clone(), vec![https(0)]);
        result(&Model { network, flows, unknowns, ..Model::default() })
    };
    let (closed, opened) = (network(), with_rule(network(), open()));
    for concerns in &here {
        for (may, of_opened, of_closed) in [
            (May::Nothing, FlowResult::Proven, FlowResult::Broken),
            (May::Open, FlowResult::Proven, FlowResult::Unknown),
            (May::Close, FlowResult::Unknown, FlowResult::Broken),
            (May::Either, FlowResult::Unknown, FlowResult::Unknown),
        ] {
            for (network, expected) in [(&opened, of_opened), (&closed, of_closed)] {
                let (result, reasons) = judged(network, may, concerns);
                assert_eq!(result, expected, "{may:?} {concerns:?}");
                let expected: &[&str] =
                    if result == FlowResult::Unknown { &["thing: attribute: nobody knows"] } else { &[] };
                assert_eq!(reasons, expected, "{may:?} {concerns:?}");
            }
        }
    }
    assert_eq!(judged(&closed, May::Either, &elsewhere).0, FlowResult::Broken);
}

/// The server's own subnet leads nowhere; what is not known of the load
/// balancer's may be what decides about clients from the internet.
#[test]
fn what_is_not_known_of_a_load_balancers_subnet_counts_for_clients_from_the_internet() {
    let mut network = with_rule(network(), open());
    network.subnets.insert("front".to_owned(), subnet("10.0.1.0/24", Target::InternetGateway));
    network.subnets.insert("public".to_owned(), subnet("10.0.0.0/24", Target::NatGateway));
    network.groups[0].fronts = vec![Front { subnet: "front".to_owned(), traffic: tcp(443) }];
    let out = Flow { from: Endpoint::Group(0), to: Endpoint::Internet, ..https(0) };
    let judged = |flow: &Flow, may, subnet: &str| {
        let network = with_rule(network.clone(), rule(Direction::Egress, tcp(443), "0.0.0.0/0"));
        let unknowns = vec![unknown(may, Concerns::Subnet(subnet.to_owned()))];
        result(&Model { network, flows: vec![flow.clone()], unknowns, ..Model::default() }).0
    };
    assert_eq!(judged(&https(0), May::Nothing, "front"), FlowResult::Proven);
    assert_eq!(judged(&https(0), May::Close, "front"), FlowResult::Unknown);
    assert_eq!(judged(&https(0), May::Close, "another"), FlowResult::Proven);
    assert_eq!(judged(&out, May::Close, "front"), FlowResult::Proven, "it goes out another way");
}

/// The same server, once with a route table that leads to the internet and once
/// with one that does not.
fn candidates(targets: [Target; 2]) -> Model {
    let mut network = with_rule(network(), open());
    network.groups.clear();
    for (index, target) in targets.into_iter().enumerate() {
        let key = format!("public with table{index}");
        network.subnets.insert(key.clone(), subnet("10.0.0.0/24", target));
        let candidate_of = Some("server".to_owned());
        network.groups.push(Group { candidate_of, ..group(&format!("server with table{index}"), &key, &["nsg"]) });
    }
    Model { network, flows: vec![https(0), https(1)], ..Model::default() }
}

#[test]
fn candidates_are_judged_as_one() {
    let [igw, nat] = [Target::InternetGateway, Target::NatGateway];
    for (targets, expected) in [
        ([igw.clone(), igw.clone()], FlowResult::Proven),
        ([igw.clone(), nat.clone()], FlowResult::Unknown),
        ([nat.clone(), nat], FlowResult::Broken),
    ] {
        let model = candidates(targets);
        let report = Report::new(&model);
        assert_eq!(report.flows.len(), 1, "one line for both");
        assert_eq!((report.flows[0].result, report.flows[0].to.as_str()), (expected, "server"));
    }
    // An unknown may name a subnet that has several tables, and so several
    // entries.
    let mut model = candidates([igw.clone(), igw]);
    model.unknowns = vec![unknown(May::Close, Concerns::Subnet("public".to_owned()))];
    assert_eq!(result(&model).0, FlowResult::Unknown);
}

#[test]
fn an_exposure_of_a_candidate_or_of_the_widest_network_is_possible() {
    let certainty = |model: &Model| -> Vec<(Severity, Certainty)> {
        Report::new(model).exposures.iter().map(|line| (line.severity, line.certainty)).collect()
    };
    let mut model = candidates([Target::InternetGateway, Target::NatGateway]);
    model.flows.clear();
    assert_eq!(certainty(&model), [(Severity::High, Certainty::Possible)]);
    let opened = with_rule(network(), open());
    let model = Model { network: opened.clone(), ..Model::default() };
    assert_eq!(certainty(&model), [(Severity::High, Certainty::Certain)]);
    let model = Model { network: network(), widest: Some(opened.clone()), ..Model::default() };
    assert_eq!(certainty(&model), [(Severity::High, Certainty::Possible)]);
    // What is certain is not said twice; what the widest has more is.
    let wider = with_rule(opened.clone(), rule(Direction::Ingress, tcp(22), "0.0.0.0/0"));
    let model = Model { network: opened, widest: Some(wider), ..Model::default() };
    let lines: Vec<_> =
        Report::new(&model).exposures.into_iter().map(|line| (line.certainty, line.traffic, line.sensitive)).collect();
    let line =
        |certainty, traffic: &str, sensitive: &[&'static str]| (certainty, traffic.to_owned(), sensitive.to_vec());
    assert_eq!(lines, [line(Certainty::Certain, "TCP 443", &[]), line(Certainty::Possible, "TCP 22", &["SSH"])]);
}

#[test]
fn what_arrives_without_a_way_back_is_exposed_one_way() {
    let stateless = SecurityRule { stateless: true, ..rule(Direction::Ingress, tcp(22), "0.0.0.0/0") };
    let network = with_rule(network(), stateless);
    let from_the_internet = |network: &Network| -> Vec<(String, bool)> {
        let report = Report::new(&Model { network: network.clone(), ..Model::default() });
        let lines = report.exposures.iter().filter(|line| line.severity == Severity::High);
        lines.map(|line| (line.traffic.clone(), line.is_one_way)).collect()
    };
    assert_eq!(from_the_internet(&network), [("TCP 22".to_owned(), true)]);
    let replies = Traffic::Tcp { source: Ports { min: 22, max: 22 }, destination: EVERY_PORT };
    let reply = SecurityRule { stateless: true, ..rule(Direction::Egress, replies, "0.0.0.0/0") };
    assert_eq!(from_the_internet(&with_rule(network, reply)), [("TCP 22".to_owned(), false)]);
}

#[test]
fn the_gravest_ports_come_first() {
    let ports = [8080, 5432, 22, 1521, 443];
    let mut network = network();
    network.groups.clear();
    for (index, port) in ports.into_iter().enumerate() {
        let nsg = format!("nsg{index}");
        network.nsgs.insert(nsg.clone(), vec![rule(Direction::Ingress, tcp(port), "0.0.0.0/0")]);
        network.groups.push(group(&format!("server{index}"), "public", &[nsg.as_str()]));
    }
    network.nsgs.insert("all".to_owned(), vec![rule(Direction::Ingress, Traffic::All, "0.0.0.0/0")]);
    network.groups.push(group("open", "public", &["all"]));
    let report = Report::new(&Model { network, ..Model::default() });
    let traffic: Vec<_> = report
        .exposures
        .iter()
        .filter(|line| line.severity == Severity::High)
        .map(|line| line.traffic.as_str())
        .collect();
    assert_eq!(traffic, ["everything", "TCP 22", "TCP 5432", "TCP 1521", "TCP 8080", "TCP 443"]);
}

/// Every pair and range of traffic of some exposures, each at the addresses of
/// its line.
fn said(lines: &[Exposure], wanted: impl Fn(&Exposure) -> bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for line in lines.iter().filter(|line| wanted(line)) {
        for (from, to) in line.from.iter().flat_map(|from| line.to.iter().map(move |to| (from, to))) {
            all.insert(format!("{from:?} {to:?} {:?} {:?} {}", line.senders, line.receivers, line.traffic));
        }
    }
    all
}

/// With more rules in the widest network, the certain exposures are those of
/// the least, and together they are at least those of the widest.
#[test]
fn the_certain_are_those_of_the_least_and_all_are_those_of_the_widest() {
    let strategy = (networks(), any::<[u8; 4]>());
    let covered = |lines: &[Exposure], line: &Exposure, from: Endpoint, to: Endpoint| {
        let is_about = |other: &&Exposure| other.from.contains(&from) && other.to.contains(&to);
        let mut left = line.traffic.clone();
        for other in lines.iter().filter(is_about) {
            let holds = |part: &Option<_>, of: &Option<_>| part.is_none() || part == of;
            if holds(&other.senders, &line.senders) && holds(&other.receivers, &line.receivers) {
                left = left - &other.traffic;
            }
        }
        left.is_empty()
    };
    runner(case_count(300))
        .run(&strategy, |(network, [direction, port, list, _])| {
            let mut widest = network.clone();
            let direction = if direction < 128 { Direction::Ingress } else { Direction::Egress };
            let more = rule(direction, tcp(u16::from(port)), "0.0.0.0/0");
            let lists = widest.security_lists.len().max(1);
            if let Some(rules) = widest.security_lists.values_mut().nth(usize::from(list) % lists) {
                rules.push(more);
            }
            let model = Model { network: network.clone(), widest: Some(widest.clone()), ..Model::default() };
            let (least, most) = (Engine::new(&model.network), model.widest.as_ref().map(Engine::new));
            let lines = exposures(&least, most.as_ref(), &model, &[]).lines;
            let alone = Model { network: network.clone(), ..Model::default() };
            let of_least = exposures(&least, None, &alone, &[]).lines;
            let certain = |line: &Exposure| line.certainty == Certainty::Certain;
            prop_assert_eq!(said(&lines, certain), said(&of_least, |_| true));
            let of_most = Engine::new(&widest);
            for line in exposures(&of_most, None, &alone, &[]).lines.iter().filter(|line| !line.is_one_way) {
                for (from, to) in line.from.iter().flat_map(|from| line.to.iter().map(move |to| (*from, *to))) {
                    // Parts of addresses may be cut in other ways: only whole
                    // ones are compared.
                    if line.senders.is_none() && line.receivers.is_none() {
                        let whole: Vec<_> = lines.clone();
                        let any_part = whole.iter().any(|other| {
                            other.from.contains(&from)
                                && other.to.contains(&to)
                                && (other.senders.is_some() || other.receivers.is_some())
                        });
                        prop_assert!(any_part || covered(&whole, line, from, to), "{from:?} {to:?} {line:?}");
                    }
                }
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
