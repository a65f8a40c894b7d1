//! `cloudspells rules`.

use super::rule_tables::{self, TableFormat};
use super::terminal::out;
use super::{Ended, SpecOption, accepted};

/// What `rules` is told.
#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    spec: SpecOption,
    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let source = options.spec.read()?;
    let Some(rules) = accepted(&source, cloudspells::rules(&source)) else { return Ok(Ended::Refused) };
    out(&rule_tables::print(&rules.value, options.format)?)?;
    Ok(Ended::Well)
}
