//! `cloudspells gen`.

use super::summary::{self, Mode};
use super::terminal::{out, say};
use super::{Ended, SpecOption, accepted};
use anyhow::bail;
use cloudspells::Layout;
use cloudspells::files::disk;
use cloudspells::quote::terminal::path as shown;
use std::path::PathBuf;

/// What `gen` is told.
#[derive(clap::Args)]
pub struct Options {
    /// Directory of the module; made where there is none
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    spec: SpecOption,
    /// Write a module for other modules to call: no provider block, no example values
    #[arg(long)]
    module: bool,
    /// Write nothing; exit with 2 if DIR is not what the spec says
    #[arg(long)]
    check: bool,
    /// Write nothing; print what would change as a diff
    #[arg(long)]
    diff: bool,
    /// Write nothing; print what would be done
    #[arg(long)]
    dry_run: bool,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let source = options.spec.read()?;
    let layout = if options.module { Layout::Module } else { Layout::Root };
    let Some(generated) = accepted(&source, cloudspells::generate(&source, layout)) else { return Ok(Ended::Refused) };
    let files = &generated.value.files;
    let mode = Mode { check: options.check, diff: options.diff, dry_run: options.dry_run };
    let compare = || disk::compare(files, &options.out).map_err(|problem| anyhow::anyhow!("{problem}"));
    if mode.only_compares() {
        let comparison = compare()?;
        let differences = summary::differences(&comparison, &options.out, mode);
        out(&differences.map_err(|problem| anyhow::anyhow!("{problem}"))?)?;
        return Ok(Ended::well_if(!(options.check && comparison.differs())));
    }
    let lock = if mode.dry_run {
        None
    } else {
        Some(disk::lock(&options.out).map_err(|problem| anyhow::anyhow!("{problem}"))?)
    };
    let comparison = compare()?;
    if comparison.other_layout {
        let directory = shown(&options.out);
        say(&match layout {
            Layout::Root => {
                format!("note: {directory} was generated with `--module`; without it, it becomes a root module")
            }
            Layout::Module => {
                format!("note: {directory} was a root module; with `--module`, it becomes one that others call")
            }
        });
    }
    if !comparison.problems.is_empty() {
        bail!("{}", summary::problems(&comparison));
    }
    if let Some(lock) = &lock {
        disk::write(&comparison, &options.out, lock).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    drop(lock);
    out(&summary::summary(&generated, &comparison, &options.out, layout, mode))?;
    Ok(Ended::Well)
}
