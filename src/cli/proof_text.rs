//! A report for people: flows, exposures, and what is not known. An audit's is
//! short unless it is asked for everything.

use super::brief::{self, Limits};
use super::fold;
use super::proof::{Audit, Beside, Spec};
use super::unknowns;
use cloudspells::prove::{Certainty, ExposureLine, FlowLine, FlowResult, Level, Report, RuleLine, Severity};
use std::fmt::Write as _;

pub fn text(report: &Report, beside: &Beside<'_>) -> String {
    if !matches!(beside, Beside::Audit(Audit { is_verbose: false, .. })) {
        return whole(report, beside, None);
    }
    let mut short = String::new();
    for limits in &brief::LIMITS {
        short = whole(report, beside, Some(limits));
        if short.lines().count() <= brief::PAGE {
            break;
        }
    }
    short
}

/// The report with everything, or with as much as there is room for.
fn whole(report: &Report, beside: &Beside<'_>, limits: Option<&Limits>) -> String {
    let mut text = String::new();
    match limits {
        Some(limits) => brief::flows(report, limits, &mut text),
        None => report.flows.iter().for_each(|flow| flow_text(flow, &mut text)),
    }
    verdict(report, beside, &mut text);
    let most = limits.map_or(usize::MAX, |limits| limits.unjudged);
    for unjudged in report.unjudged.iter().take(most) {
        let _ = writeln!(text, "Not judged: {unjudged}.");
    }
    if let Some(more) = report.unjudged.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(text, "... and {more} more that are not judged; `-v` lists them.");
    }
    if report.exposures.is_empty() {
        let _ = match beside {
            Beside::Spec(spec) if unknowns::may_open(spec.unknowns) => {
                writeln!(text, "\nNo exposures among what is known; what is not known could make some.")
            }
            Beside::Spec(_) => writeln!(text, "\nNo exposures: everything that is allowed has a documented need."),
            Beside::Audit(audit) if may_open(report, audit) => {
                writeln!(text, "\nNo exposures among what is known; what is not known could make some.")
            }
            Beside::Audit(_) => writeln!(text, "\nNo exposures."),
        };
    } else {
        exposures_text(report, beside, limits, &mut text);
    }
    match beside {
        Beside::Audit(audit) => {
            unknowns::text(audit.unknowns, audit.advice, limits.map(|limits| limits.unknowns), &mut text);
        }
        Beside::Spec(spec) => {
            unknowns::text(spec.unknowns, "", None, &mut text);
            let _ = writeln!(text, "{MEANING}");
        }
    }
    text
}

/// What a proof is worth.
const MEANING: &str = "\"Proven\" is by our model of OCI's rules, against the flows that Oracle lists; no test of ours has met a real tenancy.";

/// Whether something that is not known, or that could not be judged, may open
/// what is not listed.
fn may_open(report: &Report, audit: &Audit<'_>) -> bool {
    unknowns::may_open(audit.unknowns) || !report.unjudged.is_empty()
}

/// How many of the required flows pass.
fn verdict(report: &Report, beside: &Beside<'_>, text: &mut String) {
    let count = |level, result| report.flows.iter().filter(|flow| flow.level == level && flow.result == result).count();
    let [proven, broken, unknown] =
        [FlowResult::Proven, FlowResult::Broken, FlowResult::Unknown].map(|result| count(Level::Required, result));
    let required = proven + broken + unknown;
    let _ = match (beside, required) {
        (Beside::Audit(_), 0) if report.unjudged.is_empty() => {
            writeln!(text, "No cluster here, so no flow is required.")
        }
        (_, 0) => writeln!(text, "No flow could be judged."),
        _ if unknown == 0 => writeln!(text, "{proven} of {required} required flows are proven."),
        _ => {
            writeln!(text, "{proven} of {required} required flows are proven, {broken} broken, {unknown} unknown.")
        }
    };
}

fn exposures_text(report: &Report, beside: &Beside<'_>, limits: Option<&Limits>, text: &mut String) {
    let heading =
        if report.flows.is_empty() { "Allowed" } else { "Exposures: allowed, but no documented need asks for it" };
    let possible = report.exposures.iter().filter(|one| one.certainty == Certainty::Possible).count();
    let _ = writeln!(text, "\n{heading}.");
    let _ = writeln!(
        text,
        "HIGH is from the internet, MEDIUM from VNIC to VNIC, LOW out of the VCN; the name of a subnet stands"
    );
    let _ = writeln!(text, "for any other VNIC in it, without an NSG.{}\n", if possible > 0 { POSSIBLE } else { "" });
    match limits {
        Some(limits) => brief::exposures(&report.exposures, limits, text),
        None => {
            for exposure in report.exposures.iter().take(MOST_EXPOSURES) {
                exposure_text(exposure, usize::MAX, text);
            }
            if let Some(more) = report.exposures.len().checked_sub(MOST_EXPOSURES).filter(|more| *more > 0) {
                let _ = writeln!(text, "... and {more} more, which `--format json` lists.");
            }
        }
    }
    let exposures = match report.exposures.len() {
        1 => "1 exposure".to_owned(),
        count => format!("{count} exposures"),
    };
    let exposures = match possible {
        0 => exposures,
        all if all == report.exposures.len() => format!("{exposures}, possible"),
        some => format!("{exposures}, {some} of them possible"),
    };
    let _ = match beside {
        Beside::Spec(Spec { strict_closes: Some(closes), .. }) => {
            writeln!(text, "{exposures}. `security_profile = \"strict\"` in each VCN would close {closes} of them.")
        }
        Beside::Audit(audit) if may_open(report, audit) => {
            writeln!(text, "{exposures}. What is not known could make more.")
        }
        _ => writeln!(text, "{exposures}."),
    };
}

const POSSIBLE: &str = " POSSIBLE is what\nsomething that is not known may open.";

/// A flow with its proof, or with what stands in its way.
pub fn flow_text(flow: &FlowLine, text: &mut String) {
    let _ = writeln!(text, "{}", flow_line(flow));
    if flow.result == FlowResult::Proven {
        rules("egress", &flow.egress, text);
        let _ = writeln!(text, "    route    {}", flow.way);
        rules("ingress", &flow.ingress, text);
        return;
    }
    for obstacle in &flow.obstacles {
        let _ = writeln!(text, "    {obstacle}");
    }
    for reason in &flow.reasons {
        let _ = writeln!(text, "    not known: {reason}");
    }
}

/// A flow in a line.
pub fn flow_line(flow: &FlowLine) -> String {
    let result = match (flow.result, flow.level) {
        (FlowResult::Proven, _) => "PROVEN",
        (FlowResult::Broken, Level::Recommended) => "DIFFERS from Oracle's list",
        (FlowResult::Broken, _) => "BROKEN",
        (FlowResult::Unknown, _) => "UNKNOWN",
    };
    let level = match flow.level {
        Level::Required => "",
        Level::Recommended if flow.result == FlowResult::Broken => "",
        Level::Recommended => " (recommended)",
        Level::Optional => " (optional)",
    };
    let FlowLine { from, to, traffic, purpose, clients, .. } = flow;
    let from = some(std::slice::from_ref(from), clients);
    format!("{result}{level}  {from} → {to}  {traffic}: {purpose}")
}

fn rules(direction: &str, rules: &[RuleLine], text: &mut String) {
    let mut addresses: Vec<_> = rules.iter().map(|rule| rule.address.as_str()).collect();
    addresses.dedup();
    for (index, address) in addresses.into_iter().enumerate() {
        let direction = if index == 0 { direction } else { "" };
        let _ = writeln!(text, "    {direction:<8} {address}");
    }
}

/// Names and CIDRs that are listed in a line of text; JSON has all.
const MOST_NAMES: usize = 8;

/// Exposures that are listed in text; JSON has all.
const MOST_EXPOSURES: usize = 200;

/// Names, and the only addresses of theirs that count.
fn some(names: &[String], addresses: &[String]) -> String {
    let names = first(&fold::names(names), "");
    if addresses.is_empty() { names } else { format!("{names} at {}", first(addresses, " CIDRs")) }
}

/// The first names of a list, and how many more there are.
fn first(names: &[String], unit: &str) -> String {
    let shown: Vec<_> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    let more = match names.len().saturating_sub(MOST_NAMES) {
        0 => String::new(),
        more => format!(" and {more} more{unit}"),
    };
    format!("{}{more}", shown.join(", "))
}

pub const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
    }
}

/// An exposure with the rules that open it, of which at most so many.
pub fn exposure_text(exposure: &ExposureLine, most_rules: usize, text: &mut String) {
    let from = some(&exposure.from, &exposure.senders);
    let to = some(&exposure.to, &exposure.receivers);
    let possible = if exposure.certainty == Certainty::Possible { "POSSIBLE " } else { "" };
    let names: Vec<_> = exposure.sensitive.iter().map(|name| (*name).to_owned()).collect();
    let sensitive = if names.is_empty() { String::new() } else { format!(" ({})", first(&names, "")) };
    let one_way = if exposure.is_one_way { ", one-way: no reply can leave" } else { "" };
    let _ = writeln!(
        text,
        "{:<7} {possible}{from} → {to}  {}{sensitive}{one_way}",
        severity(exposure.severity),
        exposure.traffic
    );
    for name in &exposure.allowed_by {
        let _ = writeln!(text, "        opened by {name}");
    }
    let mut rules: Vec<(&str, Vec<String>)> = Vec::new();
    for rule in &exposure.opened_by {
        match rules.iter_mut().find(|(line, _)| *line == rule.rule) {
            Some((_, addresses)) => addresses.push(rule.address.clone()),
            None => rules.push((&rule.rule, vec![rule.address.clone()])),
        }
    }
    for (rule, addresses) in rules.iter().take(most_rules) {
        let _ = writeln!(text, "        by {}: {rule}", first(&fold::names(addresses), ""));
    }
    if let Some(more) = rules.len().checked_sub(most_rules).filter(|more| *more > 0) {
        let _ = writeln!(text, "        and by {more} more");
    }
}
