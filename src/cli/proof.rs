//! What `check` prints: flows and exposures, for people or as JSON.

use anyhow::Context as _;
use cloudspells::audit::Unresolved;
use cloudspells::prove::{ExposureLine, FORMAT_VERSION, FlowLine, FlowResult, Level, Report, RuleLine, Severity};
use serde::Serialize;
use std::fmt::Write as _;

/// How results are printed.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// The JSON of a report.
#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    result: Outcome,
    #[serde(flatten)]
    report: &'a Report,
    /// Of the exposures, how many `security_profile = "strict"` would close;
    /// none where every cluster has it, or there is no cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    strict_closes: Option<usize>,
    /// Of an audit, what could not be resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    unresolved: Option<&'a [Unresolved]>,
}

/// Whether all that is required passes.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Proven,
    /// There is no cluster.
    NothingRequired,
    Broken,
    /// Nothing is broken, but of an audited cluster not all could be judged.
    Unjudged,
}

/// What is printed beside a report.
pub enum Beside<'a> {
    /// Of a spec: how many exposures the strict profile would close.
    Strict(Option<usize>),
    /// Of an audit: what could not be resolved.
    Unresolved(&'a [Unresolved]),
}

/// Text for people, or JSON.
pub fn print(report: &Report, beside: &Beside<'_>, format: Format) -> anyhow::Result<String> {
    match format {
        Format::Text => Ok(text(report, beside)),
        Format::Json => {
            let result = match beside {
                _ if !report.is_proven() => Outcome::Broken,
                Beside::Unresolved(_) if !report.unjudged.is_empty() => Outcome::Unjudged,
                _ if report.flows.is_empty() => Outcome::NothingRequired,
                _ => Outcome::Proven,
            };
            let (strict_closes, unresolved) = match beside {
                Beside::Strict(closes) => (*closes, None),
                Beside::Unresolved(unresolved) => (None, Some(*unresolved)),
            };
            let document = Document { format_version: FORMAT_VERSION, result, report, strict_closes, unresolved };
            let mut json = serde_json::to_string_pretty(&document).context("cannot write the report as JSON")?;
            json.push('\n');
            Ok(json)
        }
    }
}

/// The report in one line.
pub fn line(report: &Report, strict_closes: Option<usize>) -> String {
    let required = report.flows.iter().filter(|flow| flow.level == Level::Required);
    let proven = required.clone().filter(|flow| flow.result == FlowResult::Proven).count();
    let flows = match required.count() {
        0 => "no flow is required".to_owned(),
        required if proven == required => format!("all {required} required flows are proven"),
        required => format!("{} of {required} required flows are BROKEN", required - proven),
    };
    let unjudged = match report.unjudged.len() {
        0 => String::new(),
        count => format!(", {count} not judged"),
    };
    let severities = [Severity::High, Severity::Medium, Severity::Low].into_iter().filter_map(|severity| {
        let count = report.exposures.iter().filter(|exposure| exposure.severity == severity).count();
        (count > 0).then(|| format!("{count} {}", severity_word(severity).to_lowercase()))
    });
    let exposures = match severities.collect::<Vec<_>>() {
        none if none.is_empty() => "no exposures".to_owned(),
        counts => format!("exposures: {}", counts.join(", ")),
    };
    let strict = match strict_closes {
        Some(closes) if closes > 0 => format!("; `security_profile = \"strict\"` would close {closes}"),
        _ => String::new(),
    };
    format!("Proof: {flows}{unjudged}; {exposures}{strict}. `cloudspells check` has the details.")
}

fn text(report: &Report, beside: &Beside<'_>) -> String {
    let mut text = String::new();
    for flow in &report.flows {
        flow_text(flow, &mut text);
    }
    let count = |level, result| report.flows.iter().filter(|flow| flow.level == level && flow.result == result).count();
    let proven = count(Level::Required, FlowResult::Proven);
    let required = proven + count(Level::Required, FlowResult::Broken);
    let _ = match (beside, required) {
        (Beside::Unresolved(_), 0) if report.unjudged.is_empty() => {
            writeln!(text, "No cluster here, so no flow is required.")
        }
        (_, 0) => writeln!(text, "No flow could be judged."),
        _ => writeln!(text, "{proven} of {required} required flows are proven."),
    };
    for unjudged in &report.unjudged {
        let _ = writeln!(text, "Not judged: {unjudged}.");
    }
    if report.exposures.is_empty() {
        let _ = match beside {
            Beside::Strict(_) => writeln!(text, "\nNo exposures: everything that is allowed has a documented need."),
            Beside::Unresolved([]) => writeln!(text, "\nNo exposures."),
            Beside::Unresolved(_) => writeln!(text, "\nNo exposures among what is known; the rest is listed below."),
        };
    } else {
        exposures_text(report, beside, &mut text);
    }
    if let Beside::Unresolved(unresolved) = beside
        && !unresolved.is_empty()
    {
        unresolved_text(unresolved, &mut text);
    }
    text
}

fn unresolved_text(unresolved: &[Unresolved], text: &mut String) {
    let _ = writeln!(
        text,
        "\nNot known for certain. Each line says what is left out or assumed; because of that, a flow may be reported as broken, or an exposure be missing.\n"
    );
    for Unresolved { address, attribute, why, .. } in unresolved.iter().filter(|one| !one.is_as_named) {
        let _ = writeln!(text, "  {address}: {attribute}: {why}");
    }
    let as_named: Vec<_> = unresolved.iter().filter(|one| one.is_as_named).collect();
    if let [Unresolved { address, attribute, why, .. }] = as_named.as_slice() {
        let _ = writeln!(text, "  {address}: {attribute}: {why}");
    } else if let Some(first) = as_named.first() {
        let _ = writeln!(
            text,
            "  {} lists, such as {} of {}, are assumed to have all elements that their expressions name: how many of them they have is \
             known only after the apply. `--dir DIR`, with the directory of the `.tf` files, reads the elements that are written \
             there; `--format json` lists them.",
            as_named.len(),
            first.attribute,
            first.address
        );
    }
}

fn exposures_text(report: &Report, beside: &Beside<'_>, text: &mut String) {
    let heading =
        if report.flows.is_empty() { "Allowed" } else { "Exposures: allowed, but no documented need asks for it" };
    let _ = writeln!(text, "\n{heading}.");
    let _ = writeln!(
        text,
        "HIGH is from the internet, MEDIUM from VNIC to VNIC, LOW out of the VCN; the name of a subnet stands"
    );
    let _ = writeln!(text, "for any other VNIC in it, without an NSG.\n");
    for exposure in report.exposures.iter().take(MOST_EXPOSURES) {
        exposure_text(exposure, text);
    }
    if let Some(more) = report.exposures.len().checked_sub(MOST_EXPOSURES).filter(|more| *more > 0) {
        let _ = writeln!(text, "... and {more} more, which `--format json` lists.");
    }
    let exposures = match report.exposures.len() {
        1 => "1 exposure".to_owned(),
        count => format!("{count} exposures"),
    };
    let _ = match beside {
        Beside::Strict(Some(closes)) => {
            writeln!(text, "{exposures}. `security_profile = \"strict\"` on each cluster would close {closes} of them.")
        }
        _ => writeln!(text, "{exposures}."),
    };
}

fn flow_text(flow: &FlowLine, text: &mut String) {
    let result = match flow.result {
        FlowResult::Proven => "PROVEN",
        FlowResult::Broken => "BROKEN",
    };
    let optional = if flow.level == Level::Optional { " (optional)" } else { "" };
    let FlowLine { from, to, traffic, purpose, clients, .. } = flow;
    let from = some(std::slice::from_ref(from), clients);
    let _ = writeln!(text, "{result}{optional}  {from} → {to}  {traffic}: {purpose}");
    if flow.result == FlowResult::Broken {
        for obstacle in &flow.obstacles {
            let _ = writeln!(text, "    {obstacle}");
        }
    } else {
        rules("egress", &flow.egress, text);
        let _ = writeln!(text, "    route    {}", flow.way);
        rules("ingress", &flow.ingress, text);
    }
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
    let names = first(names, "");
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

const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "HIGH",
        Severity::Medium => "MEDIUM",
        Severity::Low => "LOW",
    }
}

fn exposure_text(exposure: &ExposureLine, text: &mut String) {
    let severity = severity_word(exposure.severity);
    let from = some(&exposure.from, &exposure.senders);
    let to = some(&exposure.to, &exposure.receivers);
    let _ = writeln!(text, "{severity:<7} {from} → {to}  {}", exposure.traffic);
    for rule in &exposure.opened_by {
        let _ = writeln!(text, "        by {}: {}", rule.address, rule.rule);
    }
}
