//! `cloudspells check`.

use super::proof::{self, Beside, Format, Spec};
use super::terminal::out;
use super::{Ended, SpecOption, model, strict_closes};
use cloudspells::prove::Report;

/// What `check` is told.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    spec: SpecOption,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let source = options.spec.read()?;
    let Some(model) = model(&source) else { return Ok(Ended::Refused) };
    let report = Report::new(&model);
    let closes = strict_closes(&source, &model, &report);
    let spec = Spec { strict_closes: closes, unknowns: &model.unknowns };
    out(&proof::print(&report, &Beside::Spec(spec), options.format)?)?;
    Ok(Ended::well_if(report.is_proven()))
}
