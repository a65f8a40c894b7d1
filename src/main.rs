//! The command line: arguments in, exit code out. Reads the spec and prints;
//! everything else is the library's.

#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unreachable,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::todo,
    unsafe_code
)]

mod proof;
mod report;
mod rule_tables;
mod spec_file;
mod terminal;

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use cloudspells::diagnostic::{Diagnostics, Source};
use cloudspells::files::disk;
use cloudspells::prove::{self, Engine, Model, Report};
use cloudspells::quote::{shell, terminal::path as shown};
use cloudspells::{Layout, Modelled, Profiles, Rules, audit};
use proof::{Beside, Format};
use report::Mode;
use rule_tables::TableFormat;
use std::path::PathBuf;
use std::process::ExitCode;
use terminal::{out, say};

/// Complete, reviewable Terraform/OpenTofu for Oracle Kubernetes Engine.
#[derive(Parser)]
#[command(name = "cloudspells", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the spec's stack as a Terraform/OpenTofu module
    Gen(Gen),
    /// Prove the flows that the spec's stack needs, and list what else it allows; exit with 2 if a flow is broken
    Check(Check),
    /// Say whether a connection is allowed, hop by hop, and by which rules; exit with 2 if it is blocked
    Why(Why),
    /// List the effective security rules, list by list and NSG by NSG
    Rules(RulesOptions),
    /// Prove the flows of each cluster in a plan or state, and list what else it allows: anyone's OCI networks; exit
    /// with 2 if a flow is broken or can't be judged
    Audit(Audit),
    /// Write a commented spec to start from
    Init {
        /// A file, or a directory for its cloudspells.hcl; - for standard output
        #[arg(default_value = spec_file::DEFAULT_PATH)]
        path: PathBuf,
    },
}

/// What `gen` is told.
#[derive(clap::Args)]
struct Gen {
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

/// What `check` is told.
#[derive(clap::Args)]
struct Check {
    #[command(flatten)]
    spec: SpecOption,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// What `why` is told.
#[derive(clap::Args)]
struct Why {
    /// Who connects: a name such as k8s.pod or lab.private, an IPv4 address or CIDR, or internet
    from: String,
    /// To whom: a name, address, CIDR, internet or services; then :443, :30000-32767, :53/udp or, of ICMP, :TYPE/icmp
    /// or :TYPE.CODE/icmp. Without a port: whether anything passes
    #[arg(value_name = "TO[:PORT[/PROTO]]")]
    to: String,
    #[command(flatten)]
    spec: SpecOption,
}

/// What `rules` is told.
#[derive(clap::Args)]
struct RulesOptions {
    #[command(flatten)]
    spec: SpecOption,
    /// How to print
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

/// What `audit` is told.
#[derive(clap::Args)]
struct Audit {
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

/// Which spec a command reads.
#[derive(clap::Args)]
struct SpecOption {
    /// Spec to read, - for standard input [default: cloudspells.hcl, or the built-in default stack]
    #[arg(short = 's', long = "spec", value_name = "FILE")]
    path: Option<PathBuf>,
}

const ERROR: u8 = 1;
const DIFFERENT: u8 = 2;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            terminal::usage(&error);
            // clap's own code for a wrong argument is 2, which means
            // "different" here.
            return if error.use_stderr() { ExitCode::from(ERROR) } else { ExitCode::SUCCESS };
        }
    };
    let result = match arguments.command {
        Command::Gen(options) => generate(&options),
        Command::Check(options) => check(&options),
        Command::Why(options) => why(&options),
        Command::Rules(options) => rules(&options),
        Command::Audit(options) => audit_file(&options),
        Command::Init { path } => init(&path),
    };
    result.unwrap_or_else(|error| {
        say(&format!("error: {error:#}"));
        ExitCode::from(ERROR)
    })
}

fn generate(options: &Gen) -> anyhow::Result<ExitCode> {
    let source = spec_file::read(options.spec.path.as_deref())?;
    let layout = if options.module { Layout::Module } else { Layout::Root };
    let generated = match cloudspells::generate(&source, layout) {
        Ok(generated) => generated,
        Err(diagnostics) => {
            terminal::report(&diagnostics, &source);
            return Ok(ExitCode::from(ERROR));
        }
    };
    terminal::report(&generated.warnings, &source);
    let mode = Mode { check: options.check, diff: options.diff, dry_run: options.dry_run };
    let compare = || disk::compare(&generated.files, &options.out).map_err(|problem| anyhow::anyhow!("{problem}"));
    if mode.only_compares() {
        let comparison = compare()?;
        let differences = report::differences(&comparison, &options.out, mode);
        out(&differences.map_err(|problem| anyhow::anyhow!("{problem}"))?)?;
        let different = options.check && comparison.differs();
        return Ok(if different { ExitCode::from(DIFFERENT) } else { ExitCode::SUCCESS });
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
        bail!("{}", report::problems(&comparison));
    }
    if let Some(lock) = &lock {
        disk::write(&comparison, &options.out, lock).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    drop(lock);
    out(&report::summary(&generated, &comparison, &options.out, layout, mode))?;
    Ok(ExitCode::SUCCESS)
}

fn check(options: &Check) -> anyhow::Result<ExitCode> {
    let source = spec_file::read(options.spec.path.as_deref())?;
    let Some(model) = model(&source) else { return Ok(ExitCode::from(ERROR)) };
    let report = Report::new(&model);
    let strict =
        cloudspells::model(&source, Profiles::Strict).ok().filter(|strict| strict.model.network != model.network);
    let closes = strict.map(|strict| report.closed_by(&Report::new(&strict.model)));
    out(&proof::print(&report, &Beside::Strict(closes), options.format)?)?;
    Ok(if report.is_proven() { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn why(options: &Why) -> anyhow::Result<ExitCode> {
    let source = spec_file::read(options.spec.path.as_deref())?;
    let Some(model) = model(&source) else { return Ok(ExitCode::from(ERROR)) };
    let engine = Engine::new(&model.network);
    let asked =
        prove::ask(&model, &engine, &options.from, &options.to).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let answer = prove::answer(&model, &engine, &asked);
    out(&answer.text)?;
    Ok(if answer.is_allowed { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn audit_file(options: &Audit) -> anyhow::Result<ExitCode> {
    let text = spec_file::json(&options.file)?;
    let about = |problem: audit::Problem| anyhow::anyhow!("{}: {problem}", text.origin.shown());
    let shown = audit::Shown::parse(&text.text).map_err(about)?;
    let texts = match &options.dir {
        Some(directory) => spec_file::module_texts(directory, &shown.directories())?,
        None => audit::Texts::default(),
    };
    let subject = shown.subject(&texts).map_err(about)?;
    let unresolved = subject.unresolved.clone();
    let report = Report::new(&subject.into_model());
    // What could not be judged is not proven.
    let holds = report.is_proven() && report.unjudged.is_empty();
    out(&proof::print(&report, &Beside::Unresolved(&unresolved), options.format)?)?;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(DIFFERENT) })
}

fn rules(options: &RulesOptions) -> anyhow::Result<ExitCode> {
    let source = spec_file::read(options.spec.path.as_deref())?;
    let rules = cloudspells::rules(&source).map(|Rules { tables, warnings }| (tables, warnings));
    let Some(tables) = understood(&source, rules) else { return Ok(ExitCode::from(ERROR)) };
    out(&rule_tables::print(&tables, options.format)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The model of a spec, if it has one.
fn model(source: &Source) -> Option<Model> {
    let model = cloudspells::model(source, Profiles::AsWritten);
    understood(source, model.map(|Modelled { model, warnings }| (model, warnings)))
}

/// Prints what is wrong with a spec, or worth a warning; gives what was made
/// of it.
fn understood<T>(source: &Source, result: Result<(T, Diagnostics), Diagnostics>) -> Option<T> {
    let (made, diagnostics) = match result {
        Ok((made, warnings)) => (Some(made), warnings),
        Err(diagnostics) => (None, diagnostics),
    };
    terminal::report(&diagnostics, source);
    made
}

fn init(path: &std::path::Path) -> anyhow::Result<ExitCode> {
    if path.as_os_str() == "-" {
        out(cloudspells::STARTER_SPEC)?;
        return Ok(ExitCode::SUCCESS);
    }
    let path = if path.is_dir() { path.join(spec_file::DEFAULT_PATH) } else { path.to_owned() };
    match disk::create(&path, cloudspells::STARTER_SPEC) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} exists already\n  help: name another file, as in `cloudspells init other.hcl`", shown(&path))
        }
        other => other.with_context(|| format!("cannot write {}", shown(&path)))?,
    }
    let is_default = path.as_os_str() == spec_file::DEFAULT_PATH;
    let spec = if is_default { String::new() } else { format!(" --spec {}", shell::word(&path.to_string_lossy())) };
    out(&format!("Wrote {}.\n\nNext: edit it, then\n  cloudspells gen{spec} --out ./infra\n", shown(&path)))?;
    Ok(ExitCode::SUCCESS)
}
