//! `cloudspells why`.

use super::proof::Format;
use super::terminal::out;
use super::{Ended, SpecOption, input, model};
use anyhow::{Context as _, bail};
use cloudspells::Mapping;
use cloudspells::prove::{self, Answer, AnswerResult, Engine, FORMAT_VERSION, Model};
use serde::Serialize;
use std::path::PathBuf;

/// What `why` is told.
#[derive(clap::Args)]
pub struct Options {
    /// Who connects: a name such as k8s.pod or lab.private, an IPv4 address or CIDR, or internet
    from: String,
    /// To whom: a name, address, CIDR, internet or services; then :443, :30000-32767, :53/udp or, of ICMP, :TYPE/icmp
    /// or :TYPE.CODE/icmp. Without a port: whether anything passes
    #[arg(value_name = "TO[:PORT[/PROTO]]")]
    to: String,
    #[command(flatten)]
    spec: SpecOption,
    /// Ask a plan, as `tofu show -json` prints it, instead of a spec; repeated, and with --state, they are one estate
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    plan: Vec<PathBuf>,
    /// Ask a state, as `tofu show -json` prints it, instead of a spec
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    state: Vec<PathBuf>,
    /// Directory of the root module that was planned: its text makes more of a plan certain
    #[arg(long, value_name = "DIR", requires = "plan")]
    dir: Option<PathBuf>,
    /// Network security group of a role in clusters that cloudspells did not generate, as of `audit`
    #[arg(long = "map", value_name = "ROLE=NSG", value_parser = Mapping::parse)]
    maps: Vec<Mapping>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The JSON of an answer.
#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    #[serde(flatten)]
    answer: &'a Answer,
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let Some(model) = asked_of(options)? else { return Ok(Ended::Refused) };
    let engine = Engine::new(&model.network);
    let widest = model.widest.as_ref().map(Engine::new);
    let asked =
        prove::ask(&model, &engine, &options.from, &options.to).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let answer = prove::answer(&model, &engine, widest.as_ref(), &asked);
    match options.format {
        Format::Text => out(&answer.text)?,
        Format::Json => {
            let document = Document { format_version: FORMAT_VERSION, answer: &answer };
            out(&(serde_json::to_string_pretty(&document).context("cannot write the answer as JSON")? + "\n"))?;
        }
    }
    Ok(Ended::well_if(answer.result == AnswerResult::Allowed))
}

/// What is asked: a spec, or plans and states.
fn asked_of(options: &Options) -> anyhow::Result<Option<Model>> {
    let files: Vec<_> = options.plan.iter().chain(&options.state).cloned().collect();
    if files.is_empty() {
        if !options.maps.is_empty() {
            bail!("`--map` is of clusters in a plan or state\n  help: name one with `--plan FILE` or `--state FILE`");
        }
        return Ok(model(&options.spec.read()?));
    }
    let mut estate = input::estate(&files, options.dir.as_deref())?;
    for mapping in &options.maps {
        estate.subject.map(mapping).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    }
    Ok(Some(estate.subject.into_model()))
}
