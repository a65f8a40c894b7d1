//! `cloudspells audit`.

use super::Ended;
use super::input;
use super::proof::{self, Audit, Beside, Format};
use super::terminal::out;
use cloudspells::Mapping;
use cloudspells::prove::{FlowResult, Report};
use std::path::PathBuf;

/// What `audit` is told.
#[derive(clap::Args)]
pub struct Options {
    /// JSON that `tofu show -json` (or `terraform show -json`) prints; - for standard input. Several files are one
    /// estate: what one refers to in another is found there
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Directory of the root module that was planned: its text makes more of a plan certain
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Network security group of a role (api, lb, worker or pod) in clusters that cloudspells did not generate, by its
    /// address or OCID
    #[arg(long = "map", value_name = "ROLE=NSG", value_parser = Mapping::parse)]
    maps: Vec<Mapping>,
    /// End with 0 although a required flow is unknown: only a broken one ends with 2
    #[arg(long)]
    allow_unknown: bool,
    /// List every proof, exposure and unknown, one by one
    #[arg(short, long)]
    verbose: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let mut read = input::estate(&options.files, options.dir.as_deref())?;
    for mapping in &options.maps {
        read.subject.map(mapping).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    let model = read.subject.into_model();
    let report = Report::new(&model);
    let advice = advice(read.is_plan, options.dir.is_some());
    let audit = Audit { unknowns: &model.unknowns, advice, is_verbose: options.verbose };
    out(&proof::print(&report, &Beside::Audit(audit), options.format)?)?;
    // What could not be judged is not proven.
    let is_known = !report.has_required(FlowResult::Unknown) && report.unjudged.is_empty();
    Ok(Ended::well_if(!report.has_required(FlowResult::Broken) && (is_known || options.allow_unknown)))
}

/// What makes more of it known.
const fn advice(is_plan: bool, has_texts: bool) -> &'static str {
    match (is_plan, has_texts) {
        (true, false) => {
            "To know more: audit the state after the apply (`tofu show -json > state.json`), which has every value; before \
             it, `--dir DIR`, with the directory of the `.tf` files, follows references that a plan leaves out."
        }
        (true, true) => {
            "To know more: audit the state after the apply (`tofu show -json > state.json`), which has every value."
        }
        (false, _) => {
            "To know more: audit the states of the stacks that this one refers to together with it: `cloudspells audit \
             FILE FILE...`."
        }
    }
}
