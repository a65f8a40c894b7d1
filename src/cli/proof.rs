//! What `check` and `audit` print: flows and exposures, for people or as JSON.

use super::proof_text;
use anyhow::Context as _;
use cloudspells::prove::{FORMAT_VERSION, FlowResult, Level, Report, Severity, Unknown};
use serde::Serialize;

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
    /// none where it would close none.
    #[serde(skip_serializing_if = "Option::is_none")]
    strict_closes: Option<usize>,
    /// What could not be resolved, or is not in the stack.
    #[serde(skip_serializing_if = "Option::is_none")]
    unresolved: Option<&'a [Unknown]>,
}

/// Whether all that is required passes.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Proven,
    /// There is no cluster.
    NothingRequired,
    Broken,
    /// Nothing is broken, but of an audited network a required flow is not
    /// known to pass.
    Unknown,
    /// No flow is broken or unknown, but of an audited cluster not all could be
    /// judged.
    Unjudged,
}

/// What is printed beside a report.
pub enum Beside<'a> {
    Spec(Spec<'a>),
    /// Of an audit.
    Audit(Audit<'a>),
}

/// What is said of a spec beside its report.
#[derive(Clone, Copy)]
pub struct Spec<'a> {
    /// How many exposures the strict profile would close.
    pub strict_closes: Option<usize>,
    /// What is in the stack and not known.
    pub unknowns: &'a [Unknown],
}

/// What an audit says beside its report.
#[derive(Clone, Copy)]
pub struct Audit<'a> {
    /// What could not be resolved.
    pub unknowns: &'a [Unknown],
    /// What would make more of it known.
    pub advice: &'a str,
    /// Whether to list every proof, exposure and unknown.
    pub is_verbose: bool,
}

/// Text for people, or JSON.
pub fn print(report: &Report, beside: &Beside<'_>, format: Format) -> anyhow::Result<String> {
    match format {
        Format::Text => Ok(proof_text::text(report, beside)),
        Format::Json => {
            let result = match beside {
                _ if report.has_required(FlowResult::Broken) => Outcome::Broken,
                _ if report.has_required(FlowResult::Unknown) => Outcome::Unknown,
                Beside::Audit(_) if !report.unjudged.is_empty() => Outcome::Unjudged,
                _ if report.flows.is_empty() => Outcome::NothingRequired,
                _ => Outcome::Proven,
            };
            let (strict_closes, unresolved) = match beside {
                Beside::Spec(spec) => (spec.strict_closes, Some(spec.unknowns).filter(|unknowns| !unknowns.is_empty())),
                Beside::Audit(audit) => (None, Some(audit.unknowns)),
            };
            let document = Document { format_version: FORMAT_VERSION, result, report, strict_closes, unresolved };
            let mut json = serde_json::to_string_pretty(&document).context("cannot write the report as JSON")?;
            json.push('\n');
            Ok(json)
        }
    }
}

/// The report in one line; `check` is the command that prints all of it.
pub fn line(report: &Report, spec: Spec<'_>, check: &str) -> String {
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
        (count > 0).then(|| format!("{count} {}", proof_text::severity(severity).to_lowercase()))
    });
    let exposures = match severities.collect::<Vec<_>>() {
        none if none.is_empty() => "no exposures".to_owned(),
        counts => format!("exposures: {}", counts.join(", ")),
    };
    let unknown = match spec.unknowns.len() {
        0 => String::new(),
        1 => ", and what 1 thing that is not known may open".to_owned(),
        count => format!(", and what {count} things that are not known may open"),
    };
    let strict = match spec.strict_closes {
        Some(closes) => format!("; `security_profile = \"strict\"` would close {closes}"),
        None => String::new(),
    };
    format!("Proof: {flows}{unjudged}; {exposures}{unknown}{strict}. `{check}` has the details.")
}
