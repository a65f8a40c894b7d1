//! What the engine sums up over many packets, against the oracle asked about
//! one packet of every class that the network's rules and routes tell apart:
//! `Reach::certain`, `Reach::possible` and every part of a `Path`.
//! `PROVE_CASES` sets how many networks.

use crate::oracle;
use crate::oracle::asked::{Asked, at, line};
use crate::oracle::classes::{self, Ask, Classes, number};
use crate::oracle::run::{case_count, runner};
use crate::oracle::world::networks;
use crate::oracle::{Denied, Packet, decide, describe};
use cloudspells::prove::network::{Direction, Endpoint, Network, SecurityRule};
use cloudspells::prove::{Engine, Forwarded, Hop, Obstacle, Path, Question, Way};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{TestCaseError, TestError};
use range_set_blaze::RangeSetBlaze;
use std::collections::{BTreeMap, BTreeSet};

fn cases() -> impl Strategy<Value = (Network, Vec<Asked>)> {
    let questions = vec((any::<[u8; 3]>(), any::<[u8; 8]>(), any::<[u8; 5]>(), any::<[u8; 5]>()), 3..=4);
    (networks(), questions).prop_map(|(network, questions)| {
        let asked = questions.iter().map(|(ends, packet, from, to)| Asked::new(&network, *ends, *packet, *from, *to));
        let asked = asked.collect();
        (network, asked)
    })
}

/// What happened, for a count of how often it does.
type Census = BTreeMap<&'static str, usize>;

/// The first thing that they do not agree about.
fn disagreement(network: &Network, asked: &Asked, census: &mut Census) -> Option<String> {
    let Asked { from, to, senders, receivers, traffic, samples } = asked;
    let engine = Engine::new(network);
    for endpoint in [*from, *to] {
        let brute = RangeSetBlaze::from_iter(classes::ranges(network, endpoint));
        if engine.addresses(endpoint) != brute {
            return Some(format!("the addresses of {endpoint:?} are {brute}"));
        }
    }
    let ask = Ask { network, from: *from, to: *to, senders, receivers, clients: &[], traffic: &[*traffic] };
    let classes = Classes::new(&ask);
    let [senders, receivers] = [senders, receivers].map(RangeSetBlaze::from_iter);
    let reach = engine.reach(*from, *to);
    let certain = reach.certain(&senders, &receivers);
    let possible = reach.possible();
    let whole = senders == engine.addresses(*from) && receivers == engine.addresses(*to);
    let question = Question {
        from: *from,
        senders,
        to: *to,
        receivers,
        traffic: RangeSetBlaze::from_iter([line(*traffic)]),
        is_answer: false,
    };
    let path = engine.path(&question);
    let passes = |packet: &Packet| decide(network, *from, *to, packet).is_ok();
    for (protocol, ports) in &classes.traffic {
        let any = classes.packets(*protocol, ports[0], false).any(|packet| passes(&packet));
        let mut clients = classes.packets(*protocol, ports[0], true).peekable();
        let all = any && clients.peek().is_some() && clients.all(|packet| passes(&packet));
        count(census, if all { "certain" } else { "not certain" });
        count(census, if any { "possible" } else { "not possible" });
        if any && !all {
            count(census, "possible, not certain");
        }
        if all && reach.regions.iter().filter(|region| region.traffic.contains(at(*protocol, ports[0]))).count() > 1 {
            count(census, "certain by several regions");
        }
        for port in ports {
            let here = at(*protocol, *port);
            let in_question = line(*traffic).contains(&here);
            for (what, engine, oracle) in [
                ("certain", certain.contains(here), all),
                ("possible", !whole || possible.contains(here), !whole || any),
                ("certain of a path", path.certain.contains(here), all && in_question),
                ("possible of a path", path.possible.contains(here), any && in_question),
            ] {
                if engine != oracle {
                    return Some(format!("{what}, of protocol {protocol} port {port}: {oracle}"));
                }
            }
        }
    }
    for packet in samples {
        let here = at(packet.protocol, packet.port);
        let passes = passes(packet);
        if passes && !possible.contains(here) || !passes && certain.contains(here) {
            return Some(format!("this packet passes: {passes}: {packet:?}"));
        }
    }
    path_disagreement(network, asked, &classes, &path, census)
}

fn count(census: &mut Census, what: &'static str) {
    *census.entry(what).or_default() += 1;
}

fn path_disagreement(
    network: &Network,
    asked: &Asked,
    classes: &Classes,
    path: &Path,
    census: &mut Census,
) -> Option<String> {
    let Asked { from, to, traffic, .. } = asked;
    let asked_for = |ports: &(u8, Vec<u16>)| line(*traffic).contains(&at(ports.0, ports.1[0]));
    let kinds: Vec<_> = classes.traffic.iter().filter(|kind| asked_for(kind)).collect();
    for (part, ends, which) in [(&path.senders, &classes.senders, 0), (&path.receivers, &classes.receivers, 1)] {
        for end in ends {
            let mut here = classes.clone();
            *if which == 0 { &mut here.senders } else { &mut here.receivers } = vec![end.clone()];
            let passes = kinds.iter().any(|(protocol, ports)| {
                here.packets(*protocol, ports[0], false).any(|packet| decide(network, *from, *to, &packet).is_ok())
            });
            for address in end {
                if part.as_ref().is_none_or(|part| part.contains(number(*address))) != passes {
                    return Some(format!("something passes from or to {address:?}: {passes}"));
                }
            }
            count(census, if part.is_some() { "some addresses" } else { "all addresses" });
        }
    }
    if let Some(wrong) = wrong_way(network, asked, classes, &path.way, census) {
        return Some(wrong);
    }
    for (at, hop) in [(Direction::Egress, &path.egress), (Direction::Ingress, &path.ingress)] {
        let here = if at == Direction::Egress { from } else { to };
        match hop {
            Some(hop) if matches!(here, Endpoint::Group(_)) && hop.endpoint == *here && hop.direction == at => {
                if let Some(wrong) = wrong_hop(network, asked, classes, hop, census) {
                    return Some(format!("{at:?}: {wrong}"));
                }
            }
            None if !matches!(here, Endpoint::Group(_)) => {}
            _ => return Some(format!("{at:?}: there is a hop, or there is none, or it is another")),
        }
    }
    None
}

/// Whether the way is open exactly where it is between all of the addresses;
/// where not, one of the reasons must be given.
fn wrong_way(network: &Network, asked: &Asked, classes: &Classes, way: &Way, census: &mut Census) -> Option<String> {
    // What is forwarded depends on the traffic; no other way does.
    let has_fronts = match (asked.from, asked.to) {
        (Endpoint::Internet, Endpoint::Group(to)) => !network.groups[to].fronts.is_empty(),
        _ => false,
    };
    let in_question = |kind: &&(u8, Vec<u16>)| line(asked.traffic).contains(&at(kind.0, kind.1[0]));
    let kinds: Vec<(u8, u16)> = match has_fronts {
        true => classes.traffic.iter().filter(in_question).map(|kind| (kind.0, kind.1[0])).collect(),
        false => vec![(2, 0)],
    };
    let ways = |(protocol, port): (u8, u16)| {
        let packets = classes.packets(protocol, port, false);
        packets.map(|packet| oracle::route(network, asked.from, asked.to, &packet)).collect::<BTreeSet<_>>()
    };
    let found: BTreeSet<_> = kinds.iter().flat_map(|kind| ways(*kind)).collect();
    let right = match way {
        Way::Local(_) => found == BTreeSet::from([Ok(oracle::Way::Local)]),
        Way::Gateways(gateways) => {
            let names = |gateway: &str| gateway.split('(').next().unwrap_or_default().to_owned();
            let once = gateways.iter().collect::<BTreeSet<_>>().len() == gateways.len();
            let gateways: BTreeSet<String> = gateways.iter().copied().map(names).collect();
            let expected: Option<BTreeSet<String>> = found.iter().map(|way| Some(gateway(way.ok()?)?.into())).collect();
            let between = found == BTreeSet::from([Ok(oracle::Way::BetweenVcns)]);
            let crosses = gateways.iter().all(|gateway| gateway == "Peering" || gateway == "Drg");
            (expected.as_ref() == Some(&gateways) || between && crosses) && !gateways.is_empty() && once
        }
        Way::Forwarded(Forwarded { gateways, subnets, carried }) => {
            let all_pass = |kind: &(u8, u16)| ways(*kind).iter().all(Result::is_ok);
            found.contains(&Ok(oracle::Way::FromInternetThroughLoadBalancer))
                && kinds.iter().all(|kind| carried.contains(at(kind.0, kind.1)) == all_pass(kind))
                && gateways.iter().all(|gateway| gateway.starts_with("InternetGateway"))
                && !gateways.is_empty()
                && !subnets.is_empty()
        }
        Way::Blocked(obstacle) => match obstacle {
            Obstacle::NoAddress => found.is_empty(),
            obstacle => found.iter().any(|way| way.is_err_and(|denied| explains(obstacle, denied))),
        },
    };
    count(
        census,
        match way {
            Way::Local(_) => "local",
            Way::Gateways(gateways) if gateways.iter().any(|one| ["Peering", "Drg"].contains(one)) => {
                "other VCN, reached"
            }
            Way::Gateways(gateways) if gateways.len() > 1 => "several gateways",
            Way::Gateways(_) => "gateway",
            Way::Forwarded(Forwarded { carried, .. }) => {
                let asked = RangeSetBlaze::from_iter([line(asked.traffic)]);
                if asked.is_subset(carried) { "forwarded, all of it" } else { "forwarded, some of it" }
            }
            Way::Blocked(Obstacle::NoAddress) => "no address",
            Way::Blocked(Obstacle::NoRoute(_)) => "no route",
            Way::Blocked(Obstacle::NoPublicIp) => "no public address",
            Way::Blocked(Obstacle::OutboundOnly(_)) => "outbound only",
            Way::Blocked(Obstacle::DeadEnd(_)) => "dead end",
            Way::Blocked(Obstacle::OtherVcn(_)) => "other VCN",
            Way::Blocked(Obstacle::NoWayBack(_)) => "no way back",
            Way::Blocked(Obstacle::Outside | Obstacle::ServicesOnlyAnswer | Obstacle::NotPublic) => "nobody here",
        },
    );
    (!right).then(|| format!("the ways are {found:?}"))
}

fn gateway(way: oracle::Way) -> Option<&'static str> {
    use oracle::Way::*;
    match way {
        Local | BetweenVcns => None,
        FromInternetThroughLoadBalancer => None,
        ToInternetThroughInternetGateway | FromInternet | ToServicesThroughInternetGateway => Some("InternetGateway"),
        ToInternetThroughNatGateway | ToServicesThroughNatGateway => Some("NatGateway"),
        ToServicesThroughServiceGateway => Some("ServiceGateway"),
    }
}

fn explains(obstacle: &Obstacle, denied: Denied) -> bool {
    match denied {
        Denied::NobodyHere => matches!(obstacle, Obstacle::Outside | Obstacle::ServicesOnlyAnswer),
        Denied::AnotherVcn => matches!(obstacle, Obstacle::OtherVcn(_)),
        Denied::NoWayBack => matches!(obstacle, Obstacle::NoWayBack(_)),
        Denied::NoRoute => matches!(obstacle, Obstacle::NoRoute(_)),
        Denied::NoPublicAddress => *obstacle == Obstacle::NoPublicIp,
        Denied::NotThroughInternetGateway => matches!(obstacle, Obstacle::OutboundOnly(_) | Obstacle::DeadEnd(_)),
        Denied::ServiceGateway | Denied::OtherTarget => matches!(obstacle, Obstacle::DeadEnd(_)),
        _ => false,
    }
}

/// Whether the rules at one end admit exactly what they do for all of the
/// other end and for every port of a client, and those named carry it.
fn wrong_hop(network: &Network, asked: &Asked, classes: &Classes, hop: &Hop, census: &mut Census) -> Option<String> {
    let Asked { from, to, traffic, .. } = asked;
    let mut classes = classes.clone();
    if classes.senders.is_empty() || classes.receivers.is_empty() {
        return None;
    }
    // Which address this end has makes no difference.
    let here = if hop.direction == Direction::Egress { &mut classes.senders } else { &mut classes.receivers };
    here.truncate(1);
    for (protocol, ports) in &classes.traffic {
        let admits = |packet: &Packet| oracle::hop(network, *from, *to, hop.direction, packet) == Some(true);
        let all = classes.packets(*protocol, ports[0], true).all(|packet| admits(&packet));
        for port in ports {
            let in_question = line(*traffic).contains(&at(*protocol, *port));
            if hop.admitted.contains(at(*protocol, *port)) != (all && in_question) {
                return Some(format!("it admits protocol {protocol} port {port}: {all}"));
            }
            count(census, if all && in_question { "admitted" } else { "not admitted" });
        }
    }
    let matching = |of_clients: bool| -> Vec<BTreeSet<&SecurityRule>> {
        let kinds =
            classes.traffic.iter().filter(|(protocol, ports)| line(*traffic).contains(&at(*protocol, ports[0])));
        let packets = kinds.flat_map(|(protocol, ports)| classes.packets(*protocol, ports[0], of_clients));
        packets
            .map(|packet| oracle::matching(network, *from, *to, hop.direction, &packet).into_iter().collect())
            .collect()
    };
    let named: BTreeSet<&SecurityRule> = hop.rules.iter().copied().collect();
    let (sometimes, always) = (matching(false), matching(true));
    // What matches every packet carries it all alone.
    let alone = always.iter().cloned().reduce(|a, b| &a & &b).unwrap_or_default();
    count(census, if alone.is_empty() { "nobody carries it alone" } else { "carried alone" });
    if !alone.is_empty() && named != alone {
        return Some(format!("those that carry it alone are {}", names(&alone)));
    }
    let some = sometimes.iter().fold(BTreeSet::new(), |sum, rules| &sum | rules);
    if !named.is_subset(&some) {
        return Some(format!("those that carry some of it are {}", names(&some)));
    }
    if asked.is_one_packet() {
        count(census, if hop.admitted.is_empty() { "one packet, denied here" } else { "one packet, admitted here" });
    }
    None
}

fn names(rules: &BTreeSet<&SecurityRule>) -> String {
    let names: Vec<_> = rules.iter().map(|rule| rule.address.as_str()).collect();
    names.join(", ")
}

#[test]
fn sums_and_oracle_agree() {
    let disagrees = |network: &Network, asked: &Asked| disagreement(network, asked, &mut Census::new());
    let outcome = runner(case_count(3000)).run(&cases(), |(network, asked)| {
        if asked.iter().any(|asked| disagrees(&network, asked).is_some()) {
            return Err(TestCaseError::fail("they disagree"));
        }
        Ok(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, (network, asked))) => {
            let Some(asked) = asked.iter().find(|asked| disagrees(&network, asked).is_some()) else {
                panic!("{reason}")
            };
            let network = oracle::reduce::smallest(&network, [asked.from, asked.to], |network| {
                disagrees(network, asked).is_some()
            });
            let why = disagrees(&network, asked).unwrap_or_default();
            panic!(
                "engine and oracle disagree:\n\n{}\n{asked:?}\n  by the oracle, {why}\n",
                describe::network(&network)
            );
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Without this the other test could agree about nothing but silence.
#[test]
fn the_questions_exercise_everything() {
    let mut runner = runner(0);
    let strategy = cases();
    let mut census = Census::new();
    for _ in 0..1500 {
        let (network, asked) = strategy.new_tree(&mut runner).expect("a case").current();
        for asked in &asked {
            disagreement(&network, asked, &mut census);
        }
    }
    // Shown with `--nocapture`.
    println!("{census:#?}");
    assert!(census.values().all(|count| *count >= 10), "everything occurs often: {census:#?}");
    assert_eq!(census.len(), 28, "{census:#?}");
}
