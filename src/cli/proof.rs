//! What `check` and `audit` print: flows and exposures, for people or as JSON.

use super::proof_text;
use anyhow::Context as _;
use cloudspells::prove::{FORMAT_VERSION, FlowResult, Report, Unknown};
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
    /// none where every cluster has it, or there is no cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    strict_closes: Option<usize>,
    /// Of an audit, what could not be resolved.
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
    /// Of a spec: how many exposures the strict profile would close.
    Strict(Option<usize>),
    /// Of an audit.
    Audit(Audit<'a>),
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
                Beside::Strict(closes) => (*closes, None),
                Beside::Audit(audit) => (None, Some(audit.unknowns)),
            };
            let document = Document { format_version: FORMAT_VERSION, result, report, strict_closes, unresolved };
            let mut json = serde_json::to_string_pretty(&document).context("cannot write the report as JSON")?;
            json.push('\n');
            Ok(json)
        }
    }
}
