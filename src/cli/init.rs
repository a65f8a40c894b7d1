//! `cloudspells init`.

use super::input::DEFAULT_PATH;
use super::terminal::out;
use super::{Ended, spec_words};
use anyhow::{Context as _, bail};
use cloudspells::STARTER_SPEC;
use cloudspells::files::disk;
use cloudspells::quote::terminal::path as shown;
use std::io::ErrorKind;
use std::path::PathBuf;

/// What `init` is told.
#[derive(clap::Args)]
pub struct Options {
    /// A file, or a directory for its cloudspells.hcl; - for standard output
    #[arg(default_value = DEFAULT_PATH)]
    path: PathBuf,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let path = &options.path;
    if path.as_os_str() == "-" {
        out(STARTER_SPEC)?;
        return Ok(Ended::Well);
    }
    let path = if path.is_dir() { path.join(DEFAULT_PATH) } else { path.to_owned() };
    match disk::create(&path, STARTER_SPEC) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} exists already\n  help: name another file, as in `cloudspells init NAME.hcl`", shown(&path))
        }
        other => other.with_context(|| format!("cannot write {}", shown(&path)))?,
    }
    let is_default = path.as_os_str() == DEFAULT_PATH;
    let spec = if is_default { String::new() } else { spec_words(&path) };
    out(&format!("Wrote {}.\n\nNext: edit it, then\n  cloudspells gen{spec} --out ./infra\n", shown(&path)))?;
    Ok(Ended::Well)
}
