//! The command line: arguments in, exit code out. A file a subcommand; beside
//! them where input comes from and how results are printed. Everything else is
//! the library's.

mod audit;
mod brief;
mod check;
mod fold;
mod generate;
mod init;
mod input;
mod proof;
mod proof_text;
mod rule_tables;
mod rules;
mod summary;
mod terminal;
mod unknowns;
mod why;

use clap::{Parser, Subcommand};
use cloudspells::diagnostic::{Diagnostics, Source};
use cloudspells::prove::{Model, Report};
use cloudspells::quote::shell;
use cloudspells::{Accepted, Profiles};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    Gen(generate::Options),
    /// Prove the flows that the spec's stack needs, and list what else it allows; exit with 2 if a flow is broken
    Check(check::Options),
    /// Say whether a connection is allowed, hop by hop, and by which rules; exit with 2 if it is blocked
    Why(why::Options),
    /// List the effective security rules, list by list and NSG by NSG
    Rules(rules::Options),
    /// Prove the flows of each cluster in plans and states, and list what else they allow: any OCI network; exit
    /// with 2 if a flow is broken or unknown
    Audit(audit::Options),
    /// Write a spec to start from
    Init(init::Options),
}

/// Which spec a command reads.
#[derive(clap::Args)]
struct SpecOption {
    /// Spec to read, - for standard input; repeated, each further file is laid over what is before it [default:
    /// cloudspells.hcl, or the built-in default stack]
    #[arg(short = 's', long = "spec", value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// Lay the spec's file for this environment over it: of cloudspells.hcl, cloudspells.NAME.hcl beside it
    #[arg(short = 'e', long, value_name = "NAME")]
    environment: Option<String>,
}

impl SpecOption {
    fn read(&self) -> anyhow::Result<Source> {
        input::spec(&self.paths, self.environment.as_deref())
    }

    /// A command that reads this spec, as a line for a shell.
    fn command(&self, name: &str) -> String {
        let files = self.paths.iter().map(|path| spec_words(path));
        // A name of an environment is one word.
        let environment = self.environment.iter().map(|name| format!(" -e {name}"));
        format!("cloudspells {name}{}", files.chain(environment).collect::<String>())
    }
}

/// The option that names a file of a spec, after a space.
fn spec_words(path: &Path) -> String {
    match path.to_string_lossy().as_ref() {
        "-" => " -s -".to_owned(),
        path => format!(" -s {}", shell::word(path)),
    }
}

/// How a command ended that met no error of its own.
enum Ended {
    Well,
    /// The answer is no: something differs, is broken or is blocked.
    Different,
    /// What is wrong has been printed.
    Refused,
}

impl Ended {
    const fn well_if(holds: bool) -> Self {
        if holds { Self::Well } else { Self::Different }
    }
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Well => Self::SUCCESS,
            Ended::Refused => Self::from(1),
            Ended::Different => Self::from(2),
        }
    }
}

/// Does what the arguments say.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            terminal::usage(&error);
            // clap's own code for a wrong argument is 2, which means
            // "different" here.
            return if error.use_stderr() { Ended::Refused } else { Ended::Well }.into();
        }
    };
    let result = match arguments.command {
        Command::Gen(options) => generate::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Why(options) => why::run(&options),
        Command::Rules(options) => rules::run(&options),
        Command::Audit(options) => audit::run(&options),
        Command::Init(options) => init::run(&options),
    };
    match result {
        Ok(ended) => ended.into(),
        Err(error) => {
            terminal::say(&format!("error: {error:#}"));
            Ended::Refused.into()
        }
    }
}

/// Prints what is wrong with a spec, or worth a warning; gives what was made
/// of it.
fn accepted<T>(source: &Source, result: Result<Accepted<T>, Diagnostics>) -> Option<Accepted<T>> {
    match result {
        Ok(accepted) => {
            terminal::report(&accepted.warnings, source);
            Some(accepted)
        }
        Err(diagnostics) => {
            terminal::report(&diagnostics, source);
            None
        }
    }
}

/// How many of a report's exposures the strict profile would close; none where
/// there is nothing that it would.
fn strict_closes(source: &Source, model: &Model, report: &Report) -> Option<usize> {
    let strict = cloudspells::model(source, Profiles::Strict).ok()?.value;
    let closes = if strict.network == model.network { 0 } else { report.closed_by(&Report::new(&strict)) };
    (closes > 0).then_some(closes)
}

/// The model of a spec, if it has one.
fn model(source: &Source) -> Option<Model> {
    accepted(source, cloudspells::model(source, Profiles::AsWritten)).map(|accepted| accepted.value)
}
