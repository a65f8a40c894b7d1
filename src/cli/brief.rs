//! The short form of an audit: what is not proven and what is exposed, with
//! alike lines as one.

use super::fold;
use super::proof_text::{exposure_text, flow_line, severity};
use cloudspells::prove::{Certainty, ExposureLine, FlowLine, FlowResult, Level, Report, Severity};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How much is listed.
pub struct Limits {
    /// Causes of flows that are not proven, flows of each, and lines about it.
    flow_causes: usize,
    flows: usize,
    lines: usize,
    pub unjudged: usize,
    exposures: usize,
    /// Rules of an exposure.
    rules: usize,
    /// Causes of what is not known.
    pub unknowns: usize,
}

/// A report is as long as the first of these that make it a page, or else the
/// last.
pub const LIMITS: [Limits; 3] = [
    Limits { flow_causes: 8, flows: 6, lines: 4, unjudged: 8, exposures: 30, rules: 4, unknowns: 12 },
    Limits { flow_causes: 4, flows: 3, lines: 2, unjudged: 4, exposures: 10, rules: 2, unknowns: 8 },
    Limits { flow_causes: 3, flows: 2, lines: 1, unjudged: 2, exposures: 7, rules: 1, unknowns: 5 },
];

/// The lines of a page.
pub const PAGE: usize = 60;

/// The flows that are not proven, by what stands in their way. Optional ones
/// are only counted.
pub fn flows(report: &Report, limits: &Limits, text: &mut String) {
    let open = report.flows.iter().filter(|flow| flow.result != FlowResult::Proven);
    let (optional, open): (Vec<_>, Vec<_>) = open.partition(|flow| flow.level == Level::Optional);
    let mut causes: Vec<(Cause<'_>, Vec<&FlowLine>)> = Vec::new();
    for flow in open {
        let cause = Cause::of(flow);
        match causes.iter_mut().find(|(other, _)| *other == cause) {
            Some((_, flows)) => flows.push(flow),
            None => causes.push((cause, vec![flow])),
        }
    }
    // What is required first, and what is broken before what is unknown.
    causes.sort_by_key(|(cause, _)| (cause.level, cause.result != FlowResult::Broken));
    for (cause, flows) in causes.iter().take(limits.flow_causes) {
        for flow in flows.iter().take(limits.flows) {
            let _ = writeln!(text, "{}", flow_line(flow));
        }
        if let Some(more) = flows.len().checked_sub(limits.flows).filter(|more| *more > 0) {
            let _ = writeln!(text, "... and {more} more for the same cause:");
        }
        if cause.level == Level::Required {
            for line in cause.lines.iter().take(limits.lines) {
                let _ = writeln!(text, "    {}{line}", cause.word());
            }
            if let Some(more) = cause.lines.len().checked_sub(limits.lines).filter(|more| *more > 0) {
                let _ = writeln!(text, "    and {more} more");
            }
        }
    }
    let more: usize = causes.iter().skip(limits.flow_causes).map(|(_, flows)| flows.len()).sum();
    if more > 0 {
        let _ = writeln!(text, "... and {more} more flows that are not proven; `-v` lists them.");
    }
    if !optional.is_empty() {
        let flows =
            if optional.len() == 1 { "1 optional flow is" } else { &format!("{} optional flows are", optional.len()) };
        let _ = writeln!(text, "{flows} not proven; `-v` lists them.");
    }
}

/// Why a flow is not proven.
#[derive(PartialEq, Eq)]
struct Cause<'a> {
    level: Level,
    result: FlowResult,
    lines: &'a [String],
}

impl<'a> Cause<'a> {
    fn of(flow: &'a FlowLine) -> Self {
        let lines = if flow.result == FlowResult::Unknown { &flow.reasons } else { &flow.obstacles };
        Self { level: flow.level, result: flow.result, lines }
    }

    fn word(&self) -> &'static str {
        if self.result == FlowResult::Unknown { "not known: " } else { "" }
    }
}

/// The first exposures, those alike as one, and how many more there are.
pub fn exposures(all: &[ExposureLine], limits: &Limits, text: &mut String) {
    let shared =
        all.iter().map(|one| ExposureLine { from: one.from_shared.clone(), to: one.to_shared.clone(), ..one.clone() });
    let folded = alike(together(together(shared.collect(), Side::To), Side::From));
    for (exposure, alike) in folded.iter().take(limits.exposures) {
        exposure_text(exposure, limits.rules, text);
        if *alike > 0 {
            let _ = writeln!(text, "        and {alike} more, alike but for an index");
        }
    }
    let more: Vec<_> = folded.iter().skip(limits.exposures).map(|(exposure, _)| exposure).collect();
    if !more.is_empty() {
        let count =
            |wanted, certainty| more.iter().filter(|one| one.severity == wanted && one.certainty == certainty).count();
        let kinds = [Severity::High, Severity::Medium, Severity::Low].into_iter().flat_map(|wanted| {
            [(Certainty::Certain, ""), (Certainty::Possible, " POSSIBLE")].into_iter().filter_map(
                move |(certainty, word)| {
                    Some(count(wanted, certainty))
                        .filter(|count| *count > 0)
                        .map(|count| format!("{count} {}{word}", severity(wanted)))
                },
            )
        });
        let _ =
            writeln!(text, "... and {} more ({}); `-v` lists them.", more.len(), kinds.collect::<Vec<_>>().join(", "));
    }
}

#[derive(Clone, Copy)]
enum Side {
    From,
    To,
}

/// Joins exposures that differ in one side, and in the indices of the rules
/// that open them.
fn together(all: Vec<ExposureLine>, side: Side) -> Vec<ExposureLine> {
    let mut joined: Vec<ExposureLine> = Vec::new();
    let mut places = BTreeMap::new();
    for mut exposure in all {
        let (other, own) = match side {
            Side::From => (&exposure.to, &exposure.from),
            Side::To => (&exposure.from, &exposure.to),
        };
        let key = (look(&exposure), other.clone(), patterns(own));
        let at = *places.entry(key).or_insert(joined.len());
        match joined.get_mut(at) {
            None => joined.push(exposure),
            Some(one) => {
                let (names, more) = match side {
                    Side::From => (&mut one.from, &mut exposure.from),
                    Side::To => (&mut one.to, &mut exposure.to),
                };
                more.retain(|name| !names.contains(name));
                names.append(more);
                one.opened_by.append(&mut exposure.opened_by);
                one.opened_by.sort();
                one.opened_by.dedup();
            }
        }
    }
    joined
}

/// The first of the exposures that differ in indices only, with how many more
/// there are.
fn alike(all: Vec<ExposureLine>) -> Vec<(ExposureLine, usize)> {
    let mut found: Vec<(ExposureLine, usize)> = Vec::new();
    let mut places = BTreeMap::new();
    for exposure in all {
        let key = (look(&exposure), patterns(&exposure.from), patterns(&exposure.to));
        let at = *places.entry(key).or_insert(found.len());
        match found.get_mut(at) {
            None => found.push((exposure, 0)),
            Some((_, more)) => *more += 1,
        }
    }
    found
}

/// All of an exposure but its ends, without indices.
fn look(exposure: &ExposureLine) -> impl Ord + use<> {
    let ExposureLine { severity, certainty, is_one_way, senders, receivers, traffic, opened_by, .. } = exposure;
    let mut rules: Vec<_> =
        opened_by.iter().map(|rule| (fold::pattern(&rule.address), fold::pattern(&rule.rule))).collect();
    rules.sort();
    rules.dedup();
    (*severity, *certainty, *is_one_way, senders.clone(), receivers.clone(), traffic.clone(), rules)
}

fn patterns(names: &[String]) -> Vec<String> {
    let mut patterns: Vec<_> = names.iter().map(|name| fold::pattern(name)).collect();
    patterns.sort();
    patterns.dedup();
    patterns
}
