//! `cloudspells why`.

use super::terminal::out;
use super::{Ended, SpecOption, model};
use cloudspells::prove::{self, Engine};

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
}

pub fn run(options: &Options) -> anyhow::Result<Ended> {
    let source = options.spec.read()?;
    let Some(model) = model(&source) else { return Ok(Ended::Refused) };
    let engine = Engine::new(&model.network);
    let asked =
        prove::ask(&model, &engine, &options.from, &options.to).map_err(|problem| anyhow::anyhow!("{problem}"))?;
    let answer = prove::answer(&model, &engine, &asked);
    out(&answer.text)?;
    Ok(Ended::well_if(answer.is_allowed))
}
