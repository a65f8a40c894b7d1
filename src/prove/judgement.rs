//! Whether each documented flow passes, given that not everything is known:
//! proven, broken or unknown. Candidates of the same VNICs are judged together.

use super::Engine;
use super::model::{Concerns, Flow, May, Model, Unknown};
use super::network::{Endpoint, Group};
use super::twins::{Twins, subnet_of, without_table};
use super::verdict::{self, Verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlowResult {
    /// It passes, whatever is not known.
    Proven,
    /// It is blocked, whatever is not known.
    Broken,
    Unknown,
}

/// The judgement of one flow, or of those that stand for the candidates of its
/// ends.
pub struct Judgement<'a> {
    pub result: FlowResult,
    /// In the network that is certain; at least one.
    pub verdicts: Vec<Verdict<'a>>,
    /// Of an unknown flow, what is not known about its ends.
    pub reasons: Vec<&'a Unknown>,
}

/// A judgement of each flow that has something to prove, in the order of the
/// model.
pub fn judge<'a>(engine: &Engine<'a>, widest: Option<&Engine<'a>>, model: &'a Model) -> Vec<Judgement<'a>> {
    let concerned = Concerned::new(model);
    let networks: Vec<_> = std::iter::once(engine).chain(widest).map(|engine| engine.network).collect();
    let twins = Twins::new(&networks);
    let mut flows: Vec<Vec<&'a Flow>> = Vec::new();
    let mut places = BTreeMap::new();
    for flow in &model.flows {
        if is_other_self(model, flow.from, flow.to) || twins.is_said(flow.from, flow.to) {
            continue;
        }
        let ends = (name(model, flow.from), name(model, flow.to));
        let rest = (&flow.clients, flow.traffic, flow.source, flow.level, &flow.purpose);
        let at = *places.entry((ends, rest)).or_insert(flows.len());
        match flows.get_mut(at) {
            Some(alike) => alike.push(flow),
            None => flows.push(vec![flow]),
        }
    }
    flows.into_iter().filter_map(|alike| judgement(engine, widest, model, &alike, &concerned)).collect()
}

fn judgement<'a>(
    engine: &Engine<'a>,
    widest: Option<&Engine<'a>>,
    model: &'a Model,
    flows: &[&'a Flow],
    concerned: &Concerned<'a>,
) -> Option<Judgement<'a>> {
    let mut verdicts = Vec::new();
    let mut passes = BTreeSet::new();
    for flow in flows {
        let Some(verdict) = verdict::verdict(engine, flow) else { continue };
        passes.insert(verdict.is_proven());
        // Where so many rules decide that it is not known, it may pass.
        if verdict.path.is_bound && flow.wanted().is_subset(&verdict.path.possible) {
            passes.insert(true);
        }
        if let Some(widest) = widest {
            passes.insert(verdict::verdict(widest, flow).is_some_and(|verdict| verdict.is_proven()));
        }
        verdicts.push(verdict);
    }
    if verdicts.is_empty() {
        return None;
    }
    let ends = flows.iter().flat_map(|flow| End::both(flow.from, flow.to, flow.is_answer()));
    let (result, reasons) = concerned.settle(model, ends, &passes);
    Some(Judgement { result, verdicts, reasons })
}

/// The name of an endpoint, or the one that candidates share.
pub fn name(model: &Model, endpoint: Endpoint) -> &str {
    candidate(model, endpoint).unwrap_or_else(|| model.network.name(endpoint))
}

/// The name that the candidates share that an endpoint is one of.
pub fn candidate(model: &Model, endpoint: Endpoint) -> Option<&str> {
    group(model, endpoint)?.candidate_of.as_deref()
}

/// Whether two endpoints are the same VNICs in the same subnet, with one of the
/// route tables and with another: what passes between them does not depend on
/// that, and is asked about elsewhere. In two subnets there may be some of them
/// in each.
pub fn is_other_self(model: &Model, one: Endpoint, other: Endpoint) -> bool {
    let place = |endpoint| {
        let group = group(model, endpoint)?;
        Some((group.candidate_of.as_deref()?, subnet_of(group)))
    };
    one != other && place(one).is_some_and(|place_of_one| place(other) == Some(place_of_one))
}

fn group(model: &Model, endpoint: Endpoint) -> Option<&Group> {
    match endpoint {
        Endpoint::Group(index) => model.network.groups.get(index),
        Endpoint::Internet | Endpoint::Services => None,
    }
}

/// An end of a connection, and whether it may come through the end's fronts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct End {
    endpoint: Endpoint,
    is_forwarded: bool,
}

impl End {
    /// Both ends of a connection, or of an answer to one.
    pub fn both(from: Endpoint, to: Endpoint, is_answer: bool) -> [Self; 2] {
        let end = |endpoint, is_forwarded| Self { endpoint, is_forwarded };
        [end(from, false), end(to, from == Endpoint::Internet && !is_answer)]
    }
}

/// What is not known, by whose traffic it concerns.
pub struct Concerned<'a> {
    unknowns: BTreeMap<&'a Concerns, Vec<&'a Unknown>>,
}

impl<'a> Concerned<'a> {
    pub fn new(model: &'a Model) -> Self {
        let mut unknowns = BTreeMap::<_, Vec<_>>::new();
        for unknown in &model.unknowns {
            unknowns.entry(&unknown.concerns).or_default().push(unknown);
        }
        Self { unknowns }
    }

    /// What is known of traffic that passes in all or some or none of the
    /// networks and candidates that were asked; if unknown, why.
    pub fn settle(
        &self,
        model: &Model,
        ends: impl Iterator<Item = End>,
        passes: &BTreeSet<bool>,
    ) -> (FlowResult, Vec<&'a Unknown>) {
        let ends: BTreeSet<_> = ends.collect();
        let about: BTreeSet<_> = ends.into_iter().flat_map(|end| self.of(model, end)).collect();
        let may = |wanted: May| about.iter().any(|one| one.may == wanted || one.may == May::Either);
        let result = match (passes.contains(&true), passes.contains(&false)) {
            (true, false) if !may(May::Close) => FlowResult::Proven,
            (false, true) if !may(May::Open) => FlowResult::Broken,
            _ => return (FlowResult::Unknown, reasons(about)),
        };
        (result, Vec::new())
    }

    /// Everything that is not known about an end.
    fn of(&self, model: &Model, end: End) -> Vec<&'a Unknown> {
        let mut keys = vec![Concerns::Everything];
        if let Some(group) = group(model, end.endpoint) {
            keys.push(Concerns::Group(group.name.clone()));
            keys.extend(group.candidate_of.clone().map(Concerns::Group));
            keys.push(Concerns::Subnet(group.subnet.clone()));
            keys.push(Concerns::Subnet(subnet_of(group).to_owned()));
            keys.extend(model.network.subnets.get(&group.subnet).map(|subnet| Concerns::Vcn(subnet.vcn.clone())));
            let fronts = end.is_forwarded.then_some(&group.fronts).into_iter().flatten();
            let subnets = fronts.flat_map(|front| [front.subnet.as_str(), without_table(&front.subnet)]);
            keys.extend(subnets.map(|subnet| Concerns::Subnet(subnet.to_owned())));
            keys.sort();
            keys.dedup();
        }
        keys.iter().filter_map(|key| self.unknowns.get(key)).flatten().copied().collect()
    }
}

/// What may do something is a better reason than what the two networks show.
fn reasons(about: BTreeSet<&Unknown>) -> Vec<&Unknown> {
    let (nothing, something): (Vec<_>, Vec<_>) = about.into_iter().partition(|one| one.may == May::Nothing);
    if something.is_empty() { nothing } else { something }
}
