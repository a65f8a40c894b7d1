//! `cloudspells gen`.

use super::input;
use super::proof::Spec;
use super::summary::{self, Mode};
use super::terminal::{out, report, say};
use super::{Ended, SpecOption, accepted, proof, strict_closes};
use anyhow::bail;
use cloudspells::diagnostic::quoted;
use cloudspells::files::disk;
use cloudspells::prove::Report;
use cloudspells::quote::terminal::{path as shown, printable};
use cloudspells::{Layout, Profiles};
use std::path::PathBuf;

/// What `gen` is told.
#[derive(clap::Args)]
pub struct Options {
    /// Directory of the module; made where there is none. {environment} in it is replaced by the name
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    spec: SpecOption,
    /// Write a module for other modules to call: no provider block, no example values
    #[arg(long)]
    module: bool,
    /// Write a root module without a provider block, for one of your own beside it
    #[arg(long, conflicts_with = "module")]
    no_provider: bool,
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
    let layout = match (options.module, options.no_provider) {
        (true, _) => Layout::Module,
        (false, true) => Layout::WithoutProvider,
        (false, false) => Layout::Root,
    };
    let directory = input::output(&options.out, options.spec.environment.as_deref())?;
    let Some(generated) = accepted(&source, cloudspells::generate(&source, layout)) else { return Ok(Ended::Refused) };
    let files = &generated.value.files;
    let mode = Mode { check: options.check, diff: options.diff, dry_run: options.dry_run };
    let compare = || disk::compare(files, &directory).map_err(|problem| anyhow::anyhow!("{problem}"));
    let warn = |comparison: &disk::Comparison| -> anyhow::Result<()> {
        let warnings = summary::replacements(comparison).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        warnings.iter().for_each(|warning| say(warning));
        Ok(())
    };
    let refused = |comparison: &disk::Comparison| -> anyhow::Result<bool> {
        let old = summary::old_texts(comparison).map_err(|problem| anyhow::anyhow!("{problem}"))?;
        let objections = generated.value.objections(&old.iter().map(String::as_str).collect::<Vec<_>>());
        report(&objections, &source);
        Ok(objections.has_errors())
    };
    if mode.only_compares() {
        let comparison = compare()?;
        if refused(&comparison)? {
            return Ok(Ended::Refused);
        }
        warn(&comparison)?;
        let differences = summary::differences(&comparison, &directory, mode);
        out(&differences.map_err(|problem| anyhow::anyhow!("{problem}"))?)?;
        return Ok(Ended::well_if(!(options.check && comparison.differs())));
    }
    let lock =
        if mode.dry_run { None } else { Some(disk::lock(&directory).map_err(|problem| anyhow::anyhow!("{problem}"))?) };
    let comparison = compare()?;
    if let Some(before) = comparison.other_layout.filter(|_| comparison.problems.is_empty()) {
        let (was, is) = (words(before), words(layout));
        say(&format!("note: {} was {was}; with `{}`, it becomes {is}", shown(&directory), layout.flags().trim_end()));
    }
    if !comparison.problems.is_empty() {
        bail!("{}", summary::problems(&comparison));
    }
    if let Some(before) = &comparison.other_spec {
        say(&format!(
            "note: {} was generated from {}, and now is from {}",
            shown(&directory),
            spoken(before),
            spoken(files.spec())
        ));
    }
    if layout == Layout::Module {
        let contended = &generated.value.contended;
        let files = contended.iter().map(|(what, value)| format!("; two calls would share {what}, {}", quoted(value)));
        say(&format!(
            "note: each call of this module makes the same names and addresses{}: {} lists them",
            files.collect::<String>(),
            shown(&directory.join("README.md"))
        ));
    }
    if refused(&comparison)? {
        return Ok(Ended::Refused);
    }
    warn(&comparison)?;
    if let Some(lock) = &lock {
        disk::write(&comparison, &directory, lock).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    drop(lock);
    let proof = cloudspells::model(&source, Profiles::AsWritten).ok().map(|accepted| {
        let model = accepted.value;
        let report = Report::new(&model);
        let strict_closes = strict_closes(&source, &model, &report);
        let spec = Spec { strict_closes, unknowns: &model.unknowns };
        proof::line(&report, spec, &options.spec.command("check"))
    });
    out(&summary::summary(&generated, &comparison, &directory, layout, mode, &proof.unwrap_or_default()))?;
    Ok(Ended::Well)
}

/// What a module was generated from, by the values of `--spec`.
fn spoken(names: &[String]) -> String {
    let name = |name: &String| match name.as_str() {
        "-" => "a spec on standard input".to_owned(),
        name => printable(name),
    };
    match names {
        [] => "the built-in default stack".to_owned(),
        names => names.iter().map(name).collect::<Vec<_>>().join(" and "),
    }
}

const fn words(layout: Layout) -> &'static str {
    match layout {
        Layout::Root => "a root module",
        Layout::WithoutProvider => "a root module without a provider block",
        Layout::Module => "a module that others call",
    }
}
