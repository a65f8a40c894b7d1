//! Flows and exposures of random models, against the oracle asked about one
//! packet of every class that the network and the flows tell apart. A flow is
//! proven exactly if all of its packets pass; what passes though no flow asks
//! for it is exactly what the exposures say. `PROVE_CASES` sets how many
//! models.

use crate::oracle;
use crate::oracle::asked::{at, traffic_near};
use crate::oracle::classes::{self, Ask, Classes, number};
use crate::oracle::probe::Probe;
use crate::oracle::run::{case_count, runner};
use crate::oracle::world::{networks, pick};
use crate::oracle::{Address, Denied, Packet, decide, decide_error, describe, includes, is_in};
use cloudspells::prove::network::{Direction, Endpoint, Network, SecurityRule, Traffic};
use cloudspells::prove::{Engine, Exposure, Flow, Level, Model, Path, Source, Verdict, Way, exposures, verdicts};
use ipnet::Ipv4Net;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{TestCaseError, TestError};
use range_set_blaze::RangeSetBlaze;
use std::collections::BTreeMap;

/// A model, and which pairs of ends to ask about: each is much work.
#[derive(Debug, Clone)]
struct Case {
    model: Model,
    pairs: Vec<(Endpoint, Endpoint)>,
}

fn cases() -> impl Strategy<Value = Case> {
    let flows = vec((any::<[u8; 3]>(), any::<[u8; 8]>(), any::<[u8; 4]>()), 0..=6);
    let pairs = vec(any::<[u8; 2]>(), 3..=4);
    (networks(), flows, pairs).prop_map(|(network, flows, pairs)| {
        let flows: Vec<_> = flows.iter().map(|(ends, packet, more)| flow(&network, *ends, *packet, *more)).collect();
        let groups = (0..network.groups.len()).map(Endpoint::Group);
        let from: Vec<_> = groups.clone().chain([Endpoint::Internet]).collect();
        let to: Vec<_> = groups.chain([Endpoint::Internet, Endpoint::Services]).collect();
        let pairs = pairs.iter().map(|[a, b]| (*pick(&from, *a), *pick(&to, *b)));
        // Those that a flow is about, and any.
        let pairs = flows.iter().take(3).map(|flow| (flow.from, flow.to)).chain(pairs).collect();
        Case { model: Model { network, flows, ..Model::default() }, pairs }
    })
}

fn flow(network: &Network, ends: [u8; 3], packet: [u8; 8], [client, length, level, from]: [u8; 4]) -> Flow {
    let Probe { packet: first, from: sender, to } = Probe::new(network, ends, packet);
    let sender = match from {
        0..170 => sender,
        170..250 => Endpoint::Internet,
        _ => Endpoint::Services,
    };
    let address = match first.from {
        Address::V4(address) => address,
        _ => u32::from_be_bytes([8, 8, 8, 8]),
    };
    let cidr = |length: u8| Ipv4Net::new(address.into(), length).expect("at most 32");
    let clients = match client {
        0..150 => None,
        150..240 => Some(vec![cidr(*pick(&[32, 24, 31, 8, 5, 0], length))]),
        _ => Some(vec![cidr(32), cidr(*pick(&[24, 29, 1], length)), "10.0.0.0/8".parse().expect("a network")]),
    };
    let level = *pick(&[Level::Required, Level::Optional], level);
    // An error comes in by the way out: only from outside is that another.
    let traffic = match sender {
        Endpoint::Internet | Endpoint::Services if packet[7] % 4 == 3 => {
            Traffic::Icmp { kind: Some(3), code: *pick(&[Some(4), None], packet[7]) }
        }
        _ => traffic_near(&first, packet[7].rotate_left(2)),
    };
    Flow { from: sender, to, clients, traffic, source: Source::Reference, level, purpose: "".into() }
}

/// What happened, for a count of how often it does.
type Census = BTreeMap<&'static str, usize>;

fn count(census: &mut Census, what: &'static str) {
    *census.entry(what).or_default() += 1;
}

/// The first thing that they do not agree about.
fn disagreement(case: &Case, network: &Network, census: &mut Census) -> Option<String> {
    let model = Model { network: network.clone(), ..case.model.clone() };
    let engine = Engine::new(&model.network);
    let verdicts = verdicts(&engine, &model);
    for flow in &model.flows {
        let verdict = verdicts.iter().find(|verdict| std::ptr::eq(verdict.flow, flow));
        let proven = verdict.map(Verdict::is_proven);
        let expected = is_proven(&model.network, flow);
        if proven != expected {
            return Some(format!("{flow:?}\n  is proven: {expected:?}"));
        }
        // Who reads that a flow is broken wants to know where.
        if verdict.is_some_and(|verdict| has_obstacle(verdict) == verdict.is_proven()) {
            return Some(format!("{flow:?}\n  is proven: {expected:?}; the hops say otherwise"));
        }
        let error = flow.is_error() && !matches!(flow.from, Endpoint::Group(_));
        count(
            census,
            match (expected, error, &flow.clients) {
                (None, ..) => "nothing to prove",
                (Some(true), true, _) => "proven errors",
                (Some(true), false, None) => "proven",
                (Some(true), false, Some(_)) => "proven for clients",
                (Some(false), true, _) => "broken errors",
                (Some(false), false, _) => "broken",
            },
        );
    }
    let lines = exposures(&engine, None, &model, &verdicts).lines;
    let proven = |flow: &Flow| is_proven(&model.network, flow) == Some(true);
    let flows: Vec<_> = model.flows.iter().map(|flow| (flow, proven(flow))).collect();
    case.pairs.iter().find_map(|(from, to)| wrong_exposure(&model, &flows, (*from, *to), &lines, census))
}

fn has_obstacle(verdict: &Verdict) -> bool {
    let Path { egress, way, ingress, .. } = &verdict.path;
    let hops = egress.iter().chain(ingress);
    let wanted = verdict.flow.wanted();
    let has_way = match way {
        Way::Blocked(_) => false,
        Way::Forwarded(through) => wanted.is_subset(&through.carried),
        Way::Local(_) | Way::Gateways(_) => true,
    };
    !has_way || hops.into_iter().any(|hop| !wanted.is_subset(&hop.admitted))
}

/// Whether all of a flow passes; nothing where it has no clients.
fn is_proven(network: &Network, flow: &Flow) -> Option<bool> {
    let Flow { from, to, .. } = *flow;
    let own = RangeSetBlaze::from_iter(classes::ranges(network, from));
    let senders = match &flow.clients {
        None => own,
        Some(clients) => {
            let bits = |address: std::net::Ipv4Addr| u64::from(u32::from(address));
            let clients = clients.iter().map(|cidr| bits(cidr.network())..=bits(cidr.broadcast()));
            own & RangeSetBlaze::from_iter(clients)
        }
    };
    if senders.is_empty() && flow.clients.is_some() {
        return None;
    }
    let senders: Vec<_> = senders.ranges().collect();
    let receivers = classes::ranges(network, to);
    let traffic = [flow.traffic];
    let ask = Ask { network, from, to, senders: &senders, receivers: &receivers, clients: &[], traffic: &traffic };
    let classes = Classes::new(&ask);
    let error = flow.is_error() && !matches!(from, Endpoint::Group(_));
    let mut asked = 0;
    for (protocol, ports) in &classes.traffic {
        for packet in classes.packets(*protocol, ports[0], true).filter(|packet| includes(flow.traffic, packet)) {
            asked += 1;
            let passes =
                if error { decide_error(network, from, to, &packet) } else { decide(network, from, to, &packet) };
            if passes.is_err() {
                return Some(false);
            }
        }
    }
    Some(asked > 0)
}

/// Whether a flow asks for a packet: one between its ends, of its clients,
/// unless it is the internet's by choice only; one that all of the internet
/// must be able to send to the same receiver, and can.
fn is_documented(flows: &[(&Flow, bool)], from: Endpoint, to: Endpoint, packet: &Packet) -> bool {
    flows.iter().any(|(flow, proven)| {
        let client = match (&flow.clients, packet.from) {
            (None, _) => true,
            (Some(clients), Address::V4(address)) => clients.iter().any(|cidr| is_in(address, *cidr)),
            (Some(_), _) => false,
        };
        let required = flow.level == Level::Required;
        let same = flow.from == from && client && (required || from != Endpoint::Internet);
        let internet = flow.from == Endpoint::Internet && flow.clients.is_none();
        let open = internet && required && *proven;
        flow.to == to && (same || open) && includes(flow.traffic, packet)
    })
}

fn is_between_vcns(network: &Network, from: Endpoint, to: Endpoint) -> bool {
    let vcn = |endpoint| match endpoint {
        Endpoint::Group(index) => Some(&network.subnets[&network.groups[index].subnet].vcn),
        Endpoint::Internet | Endpoint::Services => None,
    };
    vcn(from).zip(vcn(to)).is_some_and(|(from, to)| from != to)
}

fn is_said(line: &Exposure, from: Endpoint, to: Endpoint, packet: &Packet) -> bool {
    !line.is_one_way && is_between(line, from, to, packet)
}

fn is_between(line: &Exposure, from: Endpoint, to: Endpoint, packet: &Packet) -> bool {
    let part =
        |part: &Option<RangeSetBlaze<u64>>, address| part.as_ref().is_none_or(|part| part.contains(number(address)));
    line.from.contains(&from)
        && line.to.contains(&to)
        && part(&line.senders, packet.from)
        && part(&line.receivers, packet.to)
        && line.traffic.contains(at(packet.protocol, packet.port))
}

fn wrong_exposure(
    model: &Model,
    flows: &[(&Flow, bool)],
    (from, to): (Endpoint, Endpoint),
    lines: &[Exposure],
    census: &mut Census,
) -> Option<String> {
    let network = &model.network;
    let clients: Vec<_> = model.flows.iter().flat_map(|flow| flow.clients.iter().flatten().copied()).collect();
    let traffic: Vec<_> = model.flows.iter().map(|flow| flow.traffic).collect();
    let (senders, receivers) = (classes::ranges(network, from), classes::ranges(network, to));
    // One address has nobody like it to reach; what it says to itself is
    // nobody's business.
    if from == to && senders.iter().all(|range| range.start() == range.end()) && senders.len() == 1 {
        return None;
    }
    let ask = Ask { network, from, to, senders: &senders, receivers: &receivers, clients: &clients, traffic: &traffic };
    let classes = Classes::new(&ask);
    for (protocol, ports) in &classes.traffic {
        let is_error = *protocol == 1 && ports[0] / 256 == 3;
        let passes = |packet: &Packet| decide(network, from, to, packet).is_ok();
        let some = is_error && classes.packets(*protocol, ports[0], false).any(|packet| passes(&packet));
        for (senders, receivers) in classes.senders.iter().flat_map(|a| classes.receivers.iter().map(move |b| (a, b))) {
            let packet = |source_port| Packet {
                from: senders[0],
                to: receivers[0],
                protocol: *protocol,
                source_port,
                port: ports[0],
            };
            let allowed = || classes.source_ports(*protocol, false).any(|port| passes(&packet(port)));
            // It arrives, and no rule lets the reply back.
            let one_way = |packet: &Packet| {
                matches!(
                    decide(network, from, to, packet),
                    Err(Denied::ReplyIntoSource | Denied::ReplyOutOfDestination)
                )
            };
            let arrives = || classes.source_ports(*protocol, false).any(|port| one_way(&packet(port)));
            let documented = is_documented(flows, from, to, &packet(0));
            // Which line says what, of errors, is a matter of words.
            let expected = !is_error && !documented && allowed();
            let one_way = !is_error && !documented && !allowed() && arrives();
            for index in 0..senders.len().max(receivers.len()).max(ports.len()) {
                let packet = Packet {
                    from: senders[index % senders.len()],
                    to: receivers[index % receivers.len()],
                    protocol: *protocol,
                    source_port: 0,
                    port: ports[index % ports.len()],
                };
                let said = lines.iter().any(|line| is_said(line, from, to, &packet));
                if if is_error { said && !some } else { said != expected } {
                    return Some(format!("{from:?} to {to:?} is exposed: {expected}: {packet:?}"));
                }
                let said = lines.iter().any(|line| line.is_one_way && is_between(line, from, to, &packet));
                if !is_error && said != one_way {
                    return Some(format!("{from:?} to {to:?} is exposed one way: {one_way}: {packet:?}"));
                }
            }
            if one_way {
                count(census, "exposed one way");
            }
            if expected && is_between_vcns(network, from, to) {
                count(census, "exposed to another VCN");
            }
            count(census, if expected { "exposed" } else { "not exposed" });
            for line in lines.iter().filter(|line| expected && is_said(line, from, to, &packet(0))) {
                if line.senders.is_some() || line.receivers.is_some() {
                    count(census, "exposed between some addresses");
                }
                for (at, rules) in [(Direction::Egress, &line.egress), (Direction::Ingress, &line.ingress)] {
                    let matches = |port| {
                        let matching = oracle::matching(network, from, to, at, &packet(port));
                        matching.iter().any(|rule: &&SecurityRule| rules.contains(rule))
                    };
                    let end = if at == Direction::Egress { from } else { to };
                    let opened = classes.source_ports(*protocol, false).any(matches);
                    if opened != matches!(end, Endpoint::Group(_)) {
                        return Some(format!("{at:?}: a rule that is named opens {:?}: {opened}", packet(0)));
                    }
                }
            }
        }
    }
    None
}

#[test]
fn exposures_and_oracle_agree() {
    let disagrees = |case: &Case, network: &Network| disagreement(case, network, &mut Census::new());
    let outcome = runner(case_count(2000)).run(&cases(), |case| match disagrees(&case, &case.model.network) {
        None => Ok(()),
        Some(_) => Err(TestCaseError::fail("they disagree")),
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, case)) => {
            // All groups that a flow names have to stay.
            let last = case.model.network.groups.len().saturating_sub(1);
            let network = oracle::reduce::smallest(&case.model.network, [Endpoint::Group(last); 2], |network| {
                disagrees(&case, network).is_some()
            });
            let Some(why) = disagrees(&case, &network) else { panic!("{reason}") };
            let text = describe::network(&network);
            panic!("engine and oracle disagree:\n\n{text}\n{:#?}\n\n  by the oracle, {why}\n", case.model.flows);
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Without this the other test could agree about nothing but silence.
#[test]
fn the_models_exercise_everything() {
    let mut runner = runner(0);
    let strategy = cases();
    let mut census = Census::new();
    for _ in 0..900 {
        let case = strategy.new_tree(&mut runner).expect("a case").current();
        disagreement(&case, &case.model.network, &mut census);
    }
    // Shown with `--nocapture`.
    println!("{census:#?}");
    assert!(census.values().all(|count| *count >= 10), "everything occurs often: {census:#?}");
    assert_eq!(census.len(), 11, "{census:#?}");
}
