//! `cloudspells audit`.

use super::Ended;
use super::input;
use super::proof::{self, Beside, Format};
use super::terminal::{out, say};
use cloudspells::audit;
use cloudspells::prove::Report;
use cloudspells::quote::terminal::path;
use std::path::PathBuf;

/// What `audit` is told.
#[derive(clap::Args)]
pub struct Options {
    /// JSON that `tofu show -json` (or `terraform show -json`) prints; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Directory of the root module that was planned: its text makes more of a plan certain
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let text = input::json(&options.file)?;
    let about = |problem: audit::Problem| anyhow::anyhow!("{}: {problem}", text.origin.shown());
    let shown = audit::Shown::parse(&text.text).map_err(about)?;
    let mut texts = audit::Texts::default();
    if let Some(directory) = &options.dir {
        texts = input::module_texts(directory, &shown.directories())?;
        if !shown.is_declared_in(&texts) {
            say(&format!(
                "warning: no resource of {} is declared in the `.tf` files of {}: they were not used\n  help: name the \
                 directory that `tofu plan` ran in",
                text.origin.shown(),
                path(directory)
            ));
        }
    }
    let subject = shown.subject(&texts).map_err(about)?;
    let model = subject.into_model();
    let report = Report::new(&model);
    out(&proof::print(&report, &Beside::Unresolved(&model.unknowns), options.format)?)?;
    // What could not be judged is not proven.
    Ok(Ended::well_if(report.is_proven() && report.unjudged.is_empty()))
}
