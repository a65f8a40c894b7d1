//! Traffic that passes although no documented flow needs it: found for each
//! pair of endpoints, then merged into as few lines as possible.

use super::candidates::Candidates;
use super::equivalence::classes;
use super::gravity::gravity;
use super::judgement::{candidate, is_other_self};
use super::model::{Flow, Level, Model, Source, UNREACHABLE};
use super::network::{Direction, Endpoint, Network, SecurityRule};
use super::policy::OtherEnd;
use super::sets::{self, Addresses, TrafficSet};
use super::twins::Twins;
use super::verdict::Verdict;
use super::{Engine, Reach};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whether an exposure is there, or may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    Certain,
    /// Only if something that is not known is so.
    Possible,
}

/// An exposure: each of `from` reaches each of `to` with the same traffic,
/// through the same rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure<'a> {
    pub severity: Severity,
    pub certainty: Certainty,
    /// Whether it arrives, and no reply to it gets back: a stateless rule
    /// admits it, and none admits the reply.
    pub is_one_way: bool,
    pub from: Vec<Endpoint>,
    pub to: Vec<Endpoint>,
    /// The senders' addresses that it concerns; `None` for all of them.
    pub senders: Option<Addresses>,
    /// The receivers' addresses that it concerns; `None` for all of them.
    pub receivers: Option<Addresses>,
    pub traffic: TrafficSet,
    /// As few rules as together open all of it, at the senders and at the
    /// receivers. Other rules may open parts of it as well.
    pub egress: Vec<&'a SecurityRule>,
    pub ingress: Vec<&'a SecurityRule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// From the internet into a VCN.
    High,
    /// From VNIC to VNIC.
    Medium,
    /// Out of a VCN.
    Low,
}

/// What the pairs of endpoints on one line have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    severity: Severity,
    certainty: Certainty,
    is_one_way: bool,
    senders: Option<Addresses>,
    receivers: Option<Addresses>,
    traffic: TrafficSet,
    egress: Vec<&'a SecurityRule>,
    ingress: Vec<&'a SecurityRule>,
}

/// One of the networks in which something may pass that no flow needs. What one
/// has is not said again of the next.
struct Layer<'e, 'a> {
    /// Who reaches whom in it.
    reach: &'e Engine<'e>,
    /// The same network with its rules as they are.
    engine: &'e Engine<'a>,
    certainty: Certainty,
    is_one_way: bool,
}

/// How many pairs of endpoints are judged at most: seconds. A VCN of 300
/// subnets, which is OCI's limit, has 90,000 if each admits each.
const MOST_PAIRS: usize = 1_000_000;

/// How many times areas of one pair are compared at most: a second.
const MOST_COMPARISONS: usize = 1_000_000;

/// What passes although no flow needs it.
pub struct Exposures<'a> {
    pub lines: Vec<Exposure<'a>>,
    /// The VCNs with too many pairs: what passes inside them, or to their
    /// neighbours, is not all said. What enters and leaves them is.
    pub unjudged: Vec<&'a str>,
}

/// Every exposure, most severe first: those of a network, and, as possible, the
/// others of the widest that it may be.
pub fn exposures<'a>(
    engine: &Engine<'a>,
    widest: Option<&Engine<'a>>,
    model: &'a Model,
    verdicts: &[Verdict<'_>],
) -> Exposures<'a> {
    let documented = Documented::new(model, verdicts);
    let engines: Vec<_> = [Some(engine), widest].into_iter().flatten().collect();
    let tracked: Vec<_> = engines.iter().map(|engine| without_stateless(engine.network)).collect();
    let tracked: Vec<_> = tracked.iter().map(|network| network.as_ref().map(Engine::new)).collect();
    let mut layers = Vec::new();
    for ((engine, tracked), certainty) in engines.iter().zip(&tracked).zip([Certainty::Certain, Certainty::Possible]) {
        layers.push(Layer { reach: engine, engine, certainty, is_one_way: false });
        layers.extend(tracked.as_ref().map(|reach| Layer { reach, engine, certainty, is_one_way: true }));
    }
    let mut lines = Vec::new();
    let mut members = BTreeMap::new();
    let vcns = classes(&engines, |endpoint| documented.is_about(endpoint));
    let twins = Twins::new(&engines.iter().map(|engine| engine.network).collect::<Vec<_>>());
    let candidates: Vec<_> = engines.iter().map(|engine| Candidates::new(engine, &vcns)).collect();
    let mut left = MOST_PAIRS;
    let mut unjudged = Vec::new();
    // VCNs have no rules in common, and so no lines.
    for (vcn, classes) in &vcns {
        let (mut inside, mut across) = (Vec::new(), Vec::new());
        let pairs = candidates.iter().flat_map(|candidates| candidates.of(vcn, classes, left));
        let pairs: BTreeSet<_> = pairs.filter(|(from, to)| !twins.is_said(*from, *to)).collect();
        if pairs.len() > left {
            unjudged.push(*vcn);
        }
        left = left.saturating_sub(pairs.len());
        for (from, to) in pairs {
            if is_other_self(model, from, to) {
                continue;
            }
            let found = if twins.are_inside(from, to) { &mut inside } else { &mut across };
            let is_candidate = candidate(model, from).or(candidate(model, to)).is_some();
            let (mut said, mut said_both_ways) = (Vec::<Area>::new(), Vec::<Area>::new());
            for layer in &layers {
                let reach = layer.reach.reach(from, to);
                if reach.regions.is_empty() {
                    continue;
                }
                let areas = undocumented(&documented, &reach, from, to);
                // That it arrives does not say that a reply can't get back.
                let others = if layer.is_one_way { &said } else { &said_both_ways };
                // What can't be compared may have been said already.
                let is_compared = areas.len().saturating_mul(others.len()) <= MOST_COMPARISONS;
                let areas = if is_compared { minus(areas, others) } else { areas };
                let is_certain = !is_candidate && !reach.is_bound && is_compared;
                let certainty = if is_certain { layer.certainty } else { Certainty::Possible };
                let is_one_way = layer.is_one_way && is_compared;
                found.extend(residue(&Layer { certainty, is_one_way, ..*layer }, areas.iter().cloned(), from, to));
                if !layer.is_one_way {
                    said_both_ways.extend(areas.iter().cloned());
                }
                said.extend(areas);
            }
        }
        let mut inside = merge(inside);
        for end in inside.iter_mut().flat_map(|line| [&mut line.from, &mut line.to]) {
            *end = end.iter().flat_map(|first| twins.of(*first)).collect();
        }
        lines.extend(inside);
        lines.extend(merge(across));
    }
    for class in vcns.into_values().flatten() {
        members.insert(class.first, class.members);
    }
    lines.sort_by(|a, b| {
        let width = |line: &Exposure<'_>| std::cmp::Reverse(line.traffic.len());
        let gravity = |line: &Exposure<'_>| (line.severity == Severity::High).then(|| gravity(&line.traffic));
        let order = |line: &Exposure<'_>| (line.severity, line.certainty, line.is_one_way, gravity(line), width(line));
        order(a).cmp(&order(b)).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to)))
    });
    for line in &mut lines {
        line.from = with_equivalent(&members, &line.from);
        line.to = with_equivalent(&members, &line.to);
    }
    Exposures { lines, unjudged }
}

/// The network as it would be if no reply needed a rule of its own; nothing
/// where none does.
fn without_stateless(network: &Network) -> Option<Network> {
    let has = |rules: &BTreeMap<String, Vec<SecurityRule>>| rules.values().flatten().any(|rule| rule.stateless);
    if !has(&network.security_lists) && !has(&network.nsgs) {
        return None;
    }
    let mut network = network.clone();
    for rule in network.security_lists.values_mut().chain(network.nsgs.values_mut()).flatten() {
        rule.stateless = false;
    }
    Some(network)
}

/// Receivers, senders, and what passes between them.
type Area = (Addresses, Addresses, TrafficSet);

/// The parts of some areas that are in none of the others.
fn minus(areas: Vec<Area>, others: &[Area]) -> Vec<Area> {
    let mut left = areas;
    for other in others {
        if left.is_empty() {
            break;
        }
        left = left.into_iter().flat_map(|area| cut(area, other)).collect();
    }
    left
}

/// What is left of an area outside of another: with other receivers, with other
/// senders, and of other traffic.
fn cut(area: Area, other: &Area) -> Vec<Area> {
    if area.0.is_disjoint(&other.0) || area.1.is_disjoint(&other.1) || area.2.is_disjoint(&other.2) {
        return vec![area];
    }
    let (receivers, senders, traffic) = area;
    let shared = (&receivers & &other.0, &senders & &other.1);
    let pieces = [
        (receivers - &other.0, senders.clone(), traffic.clone()),
        (shared.0.clone(), senders - &other.1, traffic.clone()),
        (shared.0, shared.1, traffic - &other.2),
    ];
    pieces.into_iter().filter(|piece| !piece.0.is_empty() && !piece.1.is_empty() && !piece.2.is_empty()).collect()
}

/// The endpoints together with the other members of their classes.
fn with_equivalent(members: &BTreeMap<Endpoint, Vec<Endpoint>>, endpoints: &[Endpoint]) -> Vec<Endpoint> {
    let members = |endpoint: &Endpoint| members.get(endpoint).cloned().unwrap_or_else(|| vec![*endpoint]);
    let mut all: Vec<_> = endpoints.iter().flat_map(members).collect();
    all.sort();
    all
}

/// The flows of a model, by their ends.
struct Documented<'a> {
    flows: BTreeMap<(Endpoint, Endpoint), Vec<&'a Flow>>,
    ends: BTreeSet<Endpoint>,
    /// For each receiver, the traffic that required flows from the whole
    /// internet are proven to bring.
    open: BTreeMap<Endpoint, TrafficSet>,
    /// ICMP errors, which open no connection.
    errors: TrafficSet,
}

impl<'a> Documented<'a> {
    fn new(model: &'a Model, verdicts: &[Verdict<'_>]) -> Self {
        let mut flows = BTreeMap::<_, Vec<_>>::new();
        // An optional flow from the internet is still worth reporting as an
        // exposure, and so is one that only the spec asks for.
        let is_need = |flow: &&Flow| match flow.source {
            Source::Allow | Source::Relation => ![flow.from, flow.to].contains(&Endpoint::Internet),
            Source::Reference | Source::Oracle | Source::Roles => {
                flow.from != Endpoint::Internet || flow.level == Level::Required
            }
        };
        for flow in model.flows.iter().filter(is_need) {
            flows.entry((flow.from, flow.to)).or_default().push(flow);
        }
        let mut open = BTreeMap::<_, TrafficSet>::new();
        for Verdict { flow, .. } in verdicts.iter().filter(|verdict| verdict.is_proven()) {
            if flow.from == Endpoint::Internet && flow.level == Level::Required && flow.clients.is_none() {
                *open.entry(flow.to).or_default() |= flow.wanted();
            }
        }
        let ends = model.flows.iter().flat_map(|flow| [flow.from, flow.to]).collect();
        Self { flows, ends, open, errors: TrafficSet::from_iter([sets::icmp(UNREACHABLE, None)]) }
    }

    /// Whether a flow names the endpoint.
    fn is_about(&self, endpoint: Endpoint) -> bool {
        self.ends.contains(&endpoint)
    }

    /// The traffic that is documented for every address of a sender. What a
    /// receiver must offer to the whole internet is no exposure towards a
    /// neighbour either.
    fn for_all(&self, from: Endpoint, to: Endpoint) -> TrafficSet {
        let flows = self.of(from, to).filter(|flow| flow.clients.is_none());
        let documented = flows.fold(self.errors.clone(), |sum, flow| sum | flow.wanted());
        match self.open.get(&to) {
            Some(open) if from != Endpoint::Internet => documented | open,
            _ => documented,
        }
    }

    /// The flows that are documented for some addresses of a sender only.
    fn for_some(&self, from: Endpoint, to: Endpoint) -> impl Iterator<Item = &'a Flow> {
        self.of(from, to).filter(|flow| flow.clients.is_some())
    }

    fn of(&self, from: Endpoint, to: Endpoint) -> impl Iterator<Item = &'a Flow> {
        self.flows.get(&(from, to)).into_iter().flatten().copied()
    }
}

type Found<'a> = (Key<'a>, Endpoint, Endpoint);

/// The parts of a reach that no documented flow needs.
fn undocumented(documented: &Documented<'_>, reach: &Reach, from: Endpoint, to: Endpoint) -> Vec<Area> {
    let asked = documented.for_all(from, to);
    let mut rest = Vec::new();
    for region in &reach.regions {
        let mut senders = vec![(region.from.clone(), &region.traffic - &asked)];
        for flow in documented.for_some(from, to) {
            senders = senders
                .into_iter()
                .flat_map(|(addresses, traffic)| {
                    let clients = flow.senders(addresses.clone());
                    [(addresses - &clients, traffic.clone()), (clients, traffic - flow.wanted())]
                })
                .filter(|(addresses, _)| !addresses.is_empty())
                .collect();
        }
        rest.extend(senders.into_iter().map(|(senders, traffic)| (region.to.clone(), senders, traffic)));
    }
    rest
}

/// Areas as exposures, each piece of traffic once.
fn residue<'a>(
    layer: &Layer<'_, 'a>,
    areas: impl Iterator<Item = Area>,
    from: Endpoint,
    to: Endpoint,
) -> Vec<Found<'a>> {
    let engine = layer.engine;
    let by_receivers = widest(areas).into_iter().map(|(receivers, senders, traffic)| (senders, receivers, traffic));
    let found = widest(by_receivers).into_iter().map(|(senders, receivers, traffic)| {
        let rules = |at: Endpoint, direction, other: Endpoint, addresses: &Addresses| {
            let Some(policy) = engine.policy(at) else { return Vec::new() };
            let nsgs = engine.policy(other).map_or(&[][..], |policy| &policy.group.nsgs);
            policy.opening_rules(direction, &OtherEnd { addresses, nsgs }, &traffic)
        };
        let part = |addresses: Addresses, endpoint| (addresses != engine.addresses(endpoint)).then_some(addresses);
        let key = Key {
            severity: severity(from, to),
            certainty: layer.certainty,
            is_one_way: layer.is_one_way,
            egress: rules(from, Direction::Egress, to, &receivers),
            ingress: rules(to, Direction::Ingress, from, &senders),
            senders: part(senders, from),
            receivers: part(receivers, to),
            traffic,
        };
        (key, from, to)
    });
    found.collect()
}

/// Regroups areas with the same fixed end, so that each piece of traffic stands
/// once, with all addresses of the other end that it concerns.
fn widest(
    areas: impl IntoIterator<Item = (Addresses, Addresses, TrafficSet)>,
) -> Vec<(Addresses, Addresses, TrafficSet)> {
    let mut ends = BTreeMap::<Addresses, Vec<(Addresses, TrafficSet)>>::new();
    for (fixed, other, traffic) in areas {
        ends.entry(fixed).or_default().push((other, traffic));
    }
    let mut said = Vec::new();
    for (fixed, areas) in ends {
        let ranges = areas.iter().flat_map(|(_, traffic)| traffic.ranges());
        let cuts: BTreeSet<u32> = ranges.flat_map(|range| [*range.start(), range.end() + 1]).collect();
        let mut wide = BTreeMap::<Addresses, TrafficSet>::new();
        for (start, end) in cuts.iter().zip(cuts.iter().skip(1)) {
            let having = areas.iter().filter(|(_, traffic)| traffic.contains(*start));
            let others = having.fold(Addresses::new(), |sum, (other, _)| sum | other);
            if !others.is_empty() {
                wide.entry(others).or_default().ranges_insert(*start..=end - 1);
            }
        }
        said.extend(wide.into_iter().map(|(other, traffic)| (fixed.clone(), other, traffic)));
    }
    said
}

fn severity(from: Endpoint, to: Endpoint) -> Severity {
    match (from, to) {
        (Endpoint::Group(_), Endpoint::Group(_)) => Severity::Medium,
        (_, Endpoint::Group(_)) => Severity::High,
        _ => Severity::Low,
    }
}

/// Merges lines that differ only in their senders or only in their receivers.
fn merge(found: Vec<Found<'_>>) -> Vec<Exposure<'_>> {
    let mut receivers = BTreeMap::<(Key<'_>, Endpoint), Vec<Endpoint>>::new();
    for (key, from, to) in found {
        receivers.entry((key, from)).or_default().push(to);
    }
    let mut senders = BTreeMap::<(Key<'_>, Vec<Endpoint>), Vec<Endpoint>>::new();
    for ((key, from), to) in receivers {
        senders.entry((key, to)).or_default().push(from);
    }
    let line = |((key, to), from)| {
        let Key { severity, certainty, is_one_way, senders, receivers, traffic, egress, ingress } = key;
        Exposure { severity, certainty, is_one_way, from, to, senders, receivers, traffic, egress, ingress }
    };
    senders.into_iter().map(line).collect()
}
