//! The report of `check` and `audit`: verdicts and exposures as text, ready to
//! be printed or serialized.

use super::exposure::{Certainty, Exposure, Exposures, Severity, exposures};
use super::gravity::services;
use super::judgement::{FlowResult, Judgement, judge, name};
use super::model::{Flow, Level, Model, Source, Unknown};
use super::network::{Endpoint, SecurityRule};
use super::path::{Forwarded, Hop, Obstacle, Path, Way};
use super::sets::{Addresses, TrafficSet};
use super::verdict::Verdict;
use super::{Engine, display};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The format of the JSON that `check`, `audit` and `rules` print. The first
/// number changes when an old reader would misread it, the second when
/// something is added.
pub const FORMAT_VERSION: &str = "1.1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub flows: Vec<FlowLine>,
    /// Required flows that can't be judged.
    pub unjudged: Vec<String>,
    pub exposures: Vec<ExposureLine>,
    /// What each exposure opens, in the same order.
    #[serde(skip)]
    openings: Vec<Opening>,
}

/// What an exposure opens. Its ends have names, since two reports may be of
/// two networks.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Opening {
    from: Vec<String>,
    to: Vec<String>,
    /// The addresses that the senders and receivers are limited to; `None` for
    /// all of them.
    senders: Option<Addresses>,
    receivers: Option<Addresses>,
    traffic: TrafficSet,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlowLine {
    pub result: FlowResult,
    pub level: Level,
    pub from: String,
    pub to: String,
    /// The CIDRs that the senders are limited to; empty if they are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients: Vec<String>,
    pub traffic: String,
    pub purpose: String,
    pub source: Source,
    /// The rules that admit it, at the sender and at the receiver.
    pub egress: Vec<RuleLine>,
    pub way: String,
    pub ingress: Vec<RuleLine>,
    /// What blocks a flow that is not proven, as far as is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<String>,
    /// Why an unknown flow is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RuleLine {
    /// The Terraform address of the NSG rule, or of the security list.
    pub address: String,
    /// The rule in a line: `ingress TCP 6443 from 0.0.0.0/0`.
    pub rule: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExposureLine {
    pub severity: Severity,
    pub certainty: Certainty,
    /// Whether no reply gets back.
    #[serde(rename = "one_way", skip_serializing_if = "is_false")]
    pub is_one_way: bool,
    pub from: Vec<String>,
    /// The same, candidates by the name that they share.
    #[serde(skip)]
    pub from_shared: Vec<String>,
    /// The CIDRs that the senders are limited to; empty if they are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<String>,
    pub to: Vec<String>,
    #[serde(skip)]
    pub to_shared: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub receivers: Vec<String>,
    pub traffic: String,
    /// What usually listens on ports of it that should not be open to the
    /// internet; empty if it is not from there, or if it is everything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<&'static str>,
    pub opened_by: Vec<RuleLine>,
    /// The `allow` blocks of the spec that ask for some of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_by: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Report {
    pub fn new(model: &Model) -> Self {
        let engine = Engine::new(&model.network);
        let widest = model.widest.as_ref().map(Engine::new);
        let judgements = judge(&engine, widest.as_ref(), model);
        let flows = judgements.iter().filter_map(|judgement| flow_line(model, judgement)).collect();
        let proven = judgements.into_iter().filter(|judgement| judgement.result == FlowResult::Proven);
        let proven: Vec<_> = proven.flat_map(|judgement| judgement.verdicts).collect();
        let Exposures { lines, unjudged } = exposures(&engine, widest.as_ref(), model, &proven);
        Self {
            flows,
            unjudged: model.unjudged.iter().cloned().chain(unjudged.into_iter().map(too_many)).collect(),
            exposures: lines.iter().map(|exposure| exposure_line(model, exposure)).collect(),
            openings: lines.iter().map(|exposure| Opening::new(model, exposure)).collect(),
        }
    }

    /// How many of the exposures another report no longer has: nothing of their
    /// traffic is exposed there between any of their ends.
    pub fn closed_by(&self, other: &Self) -> usize {
        let mut open = BTreeMap::<_, Vec<_>>::new();
        for opening in &other.openings {
            for pair in opening.pairs() {
                open.entry(pair).or_default().push(opening);
            }
        }
        let is_open = |opening: &Opening| {
            opening.pairs().filter_map(|pair| open.get(&pair)).flatten().any(|other| opening.overlaps(other))
        };
        self.openings.iter().filter(|opening| !is_open(opening)).count()
    }

    /// Whether every required flow is proven.
    pub fn is_proven(&self) -> bool {
        !self.has_required(FlowResult::Broken) && !self.has_required(FlowResult::Unknown)
    }

    /// Whether a required flow has this result.
    pub fn has_required(&self, result: FlowResult) -> bool {
        self.flows.iter().any(|flow| flow.level == Level::Required && flow.result == result)
    }
}

impl Opening {
    fn new(model: &Model, exposure: &Exposure<'_>) -> Self {
        Self {
            from: names(model, &exposure.from),
            to: names(model, &exposure.to),
            senders: exposure.senders.clone(),
            receivers: exposure.receivers.clone(),
            traffic: exposure.traffic.clone(),
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.from.iter().flat_map(|from| self.to.iter().map(move |to| (from.as_str(), to.as_str())))
    }

    /// Whether two openings between the same ends have traffic in common.
    fn overlaps(&self, other: &Self) -> bool {
        let meet = |a: &Option<Addresses>, b: &Option<Addresses>| match (a, b) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            _ => true,
        };
        meet(&self.senders, &other.senders)
            && meet(&self.receivers, &other.receivers)
            && !self.traffic.is_disjoint(&other.traffic)
    }
}

fn shared(model: &Model, endpoints: &[Endpoint]) -> Vec<String> {
    let mut names: Vec<_> = endpoints.iter().map(|endpoint| name(model, *endpoint).to_owned()).collect();
    names.dedup();
    names
}

fn names(model: &Model, endpoints: &[Endpoint]) -> Vec<String> {
    endpoints.iter().map(|endpoint| model.network.name(*endpoint).to_owned()).collect()
}

/// A line for what stands for one flow. With several candidates it names the
/// rules and ways of each.
fn flow_line(model: &Model, judgement: &Judgement<'_>) -> Option<FlowLine> {
    let Judgement { result, verdicts, reasons } = judgement;
    let Verdict { flow, senders, .. } = verdicts.first()?;
    let rules = |hop: for<'s> fn(&'s Path<'_>) -> &'s Option<Hop<'s>>| {
        each_once(verdicts, |path| {
            hop(path).iter().flat_map(|hop| hop.rules.iter().map(|rule| rule_line(rule))).collect()
        })
    };
    let ways = each_once(verdicts, |path| vec![way(&path.way)]).join(" or ");
    let obstacles = |path: &Path<'_>| obstacles(model, flow.wanted(), path);
    Some(FlowLine {
        result: *result,
        level: flow.level,
        from: name(model, flow.from).to_owned(),
        to: name(model, flow.to).to_owned(),
        clients: if flow.clients.is_some() { display::addresses(senders) } else { Vec::new() },
        traffic: display::traffic(&flow.wanted()),
        purpose: flow.purpose.to_string(),
        source: flow.source,
        egress: rules(|path| &path.egress),
        way: if flow.is_answer() { format!("{ways}, as an answer to what it sent") } else { ways },
        ingress: rules(|path| &path.ingress),
        obstacles: if *result == FlowResult::Proven { Vec::new() } else { each_once(verdicts, obstacles) },
        reasons: reasons_text(*result, reasons),
    })
}

pub fn reasons_text(result: FlowResult, reasons: &[&Unknown]) -> Vec<String> {
    if result == FlowResult::Unknown && reasons.is_empty() {
        return vec![
            "it passes from some of the places or by some of the route tables that are possible only".to_owned(),
        ];
    }
    let line = |Unknown { address, attribute, why, .. }: &&Unknown| format!("{address}: {attribute}: {why}");
    let mut lines: Vec<_> = reasons.iter().take(MOST_REASONS).map(line).collect();
    lines.extend(
        reasons.len().checked_sub(MOST_REASONS).filter(|more| *more > 0).map(|more| format!("and {more} more")),
    );
    lines
}

/// Reasons that each flow lists; the report has them all elsewhere.
const MOST_REASONS: usize = 20;

/// What is said of the paths, without repetition, in their order.
fn each_once<T: Ord + Clone>(verdicts: &[Verdict<'_>], said: impl Fn(&Path<'_>) -> Vec<T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    verdicts.iter().flat_map(|verdict| said(&verdict.path)).filter(|one| seen.insert(one.clone())).collect()
}

fn exposure_line(model: &Model, exposure: &Exposure<'_>) -> ExposureLine {
    let addresses = |part: &Option<Addresses>| part.as_ref().map(display::addresses).unwrap_or_default();
    ExposureLine {
        severity: exposure.severity,
        certainty: exposure.certainty,
        is_one_way: exposure.is_one_way,
        from: names(model, &exposure.from),
        from_shared: shared(model, &exposure.from),
        senders: addresses(&exposure.senders),
        to: names(model, &exposure.to),
        to_shared: shared(model, &exposure.to),
        receivers: addresses(&exposure.receivers),
        traffic: display::exposed(&exposure.traffic),
        sensitive: if exposure.severity == Severity::High { services(&exposure.traffic) } else { Vec::new() },
        opened_by: exposure.egress.iter().chain(&exposure.ingress).map(|rule| rule_line(rule)).collect(),
        allowed_by: allowed_by(model, exposure),
    }
}

/// Whether who may reach one end may reach the other: any address may be that
/// of an OCI service.
fn is_at(end: Endpoint, allowed: Endpoint) -> bool {
    end == allowed || end == Endpoint::Services && allowed == Endpoint::Internet
}

fn allowed_by(model: &Model, exposure: &Exposure<'_>) -> Vec<String> {
    let asks = |flow: &&Flow| {
        flow.source == Source::Allow
            && exposure.from.contains(&flow.from)
            && exposure.to.iter().any(|to| is_at(*to, flow.to))
            && !exposure.traffic.is_disjoint(&flow.wanted())
    };
    let names: BTreeSet<_> = model.flows.iter().filter(asks).map(|flow| flow.purpose.to_string()).collect();
    names.into_iter().collect()
}

pub fn rule_line(rule: &SecurityRule) -> RuleLine {
    RuleLine { address: rule.address.clone(), rule: display::rule(rule), description: rule.description.clone() }
}

pub fn way(way: &Way<'_>) -> String {
    match way {
        Way::Local(vcn) => format!("local in {vcn}"),
        Way::Gateways(gateways) => format!("through {}", gateways.join(" and ")),
        Way::Forwarded(Forwarded { gateways, subnets, .. }) => format!(
            "through {} and a network load balancer in {}, which keeps the client's address",
            gateways.join(" and "),
            subnets.join(" or ")
        ),
        Way::Blocked(obstacle) => obstacle_text(obstacle),
    }
}

pub fn obstacle_text(obstacle: &Obstacle<'_>) -> String {
    match obstacle {
        Obstacle::OtherVcn(table) => {
            format!("they are in different VCNs, and {table} leads over no peering or DRG to the other")
        }
        Obstacle::NoWayBack(table) => format!("{table}, of the receiver, has no route back"),
        Obstacle::NoRoute(table) => format!("{table} has no route for it"),
        Obstacle::NoPublicIp => "no public address, so the Internet Gateway does not serve it".to_owned(),
        Obstacle::OutboundOnly(gateway) => format!("{gateway} admits no connections from outside"),
        Obstacle::DeadEnd(gateway) => format!("{gateway} is not known to let anything pass"),
        Obstacle::ServicesOnlyAnswer => "OCI services open no connections".to_owned(),
        Obstacle::Outside => "neither is in a VCN".to_owned(),
        Obstacle::NoAddress => "there is no such address here".to_owned(),
        Obstacle::NotPublic => "the address is neither public nor in a VCN here".to_owned(),
    }
}

fn too_many(vcn: &str) -> String {
    format!("too many VNICs may reach each other in {vcn}; what passes between them is not all listed")
}

/// What blocks the traffic, hop by hop.
pub fn obstacles(model: &Model, traffic: TrafficSet, path: &Path<'_>) -> Vec<String> {
    if path.is_bound {
        return vec!["too many rules guard it to add them up".to_owned()];
    }
    let hop = |hop: &Hop<'_>| {
        let lacking = &traffic - &hop.admitted;
        (!lacking.is_empty()).then(|| {
            if let Some(rule) = hop.unanswered {
                return format!(
                    "{}, {}, admits it statelessly, but no rule admits the reply",
                    rule.address,
                    display::rule(rule)
                );
            }
            let at = model.network.name(hop.endpoint);
            let nearest = hop.nearest.map(|rule| format!("; nearest: {}, {}", rule.address, display::rule(rule)));
            let (direction, lacking) = (hop.direction.word(), display::traffic(&lacking));
            format!("no {direction} rule at {at} admits {lacking}{}", nearest.unwrap_or_default())
        })
    };
    let mut found: Vec<String> = path.egress.iter().filter_map(hop).collect();
    match &path.way {
        Way::Blocked(obstacle) => found.push(obstacle_text(obstacle)),
        Way::Forwarded(Forwarded { carried, .. }) if carried.is_empty() => {
            found.push("network load balancers forward none of it from every client".to_owned());
        }
        Way::Forwarded(Forwarded { carried, .. }) if !traffic.is_subset(carried) => {
            found.push(format!("network load balancers forward only {} of it", display::traffic(carried)));
        }
        Way::Forwarded(_) | Way::Gateways(_) | Way::Local(_) => {}
    }
    found.extend(path.ingress.iter().filter_map(hop));
    found
}

#[cfg(test)]
mod tests {
    use super::super::sets::{self, TCP};
    use super::*;

    fn report(ports: &[u16]) -> Report {
        let opening = |port: &u16| Opening {
            from: vec!["internet".to_owned()],
            to: vec!["a".to_owned(), "b".to_owned()],
            senders: None,
            receivers: None,
            traffic: TrafficSet::from_iter([sets::at(TCP, *port)]),
        };
        let openings = ports.iter().map(opening).collect();
        Report { flows: Vec::new(), unjudged: Vec::new(), exposures: Vec::new(), openings }
    }

    #[test]
    fn an_exposure_is_closed_when_nothing_of_its_traffic_is_left() {
        assert_eq!(report(&[22, 80]).closed_by(&report(&[])), 2);
        assert_eq!(report(&[22, 80]).closed_by(&report(&[80])), 1, "the ends are the same, and only port 80 is left");
        assert_eq!(report(&[22, 80]).closed_by(&report(&[80, 22])), 0);
        let mut elsewhere = report(&[22, 80]);
        for opening in &mut elsewhere.openings {
            opening.to = vec!["c".to_owned()];
        }
        assert_eq!(report(&[22, 80]).closed_by(&elsewhere), 2);
    }
}
