//! Parses questions as users type them: `k8s.pod`, `10.0.0.5`,
//! `k8s.api:6443/tcp`.

use super::Engine;
use super::model::{INTERNET, Model, SERVICES, UNREACHABLE};
use super::network::{Endpoint, GroupKind};
use super::path::Question;
use super::sets::{self, ALL_PORTS, ALL_TRAFFIC, Addresses, ICMP, TCP, TrafficSet, UDP};
use crate::diagnostic::{listed, nearest, quoted};
use crate::quote::terminal::printable;
use ipnet::Ipv4Net;
use std::fmt;
use std::net::Ipv4Addr;

/// Why a question was not understood, and what to ask instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misunderstood {
    pub message: String,
    pub help: String,
}

impl fmt::Display for Misunderstood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n  help: {}", self.message, self.help)
    }
}

/// A question, with the words that the user typed.
pub struct Asked {
    pub question: Question,
    pub from: String,
    pub to: String,
    /// `None` if the user did not name any traffic.
    pub port: Option<String>,
    /// What was assumed about an address.
    pub notes: Vec<String>,
}

/// Reads `FROM` and `TO[:PORT[/PROTO]]`.
///
/// # Errors
///
/// For an unknown name (the message lists the known ones), an address range
/// that spans several subnets, or an invalid port.
pub fn ask(model: &Model, engine: &Engine<'_>, from: &str, to: &str) -> Result<Asked, Misunderstood> {
    if let Some(text) = [from, to].into_iter().find(|text| text.matches(':').count() > 1) {
        return Err(Misunderstood {
            message: format!("{} has more than one `:`", quoted(text)),
            help: "ask for a name or an IPv4 address or CIDR, and after one `:` the port, as in `k8s.api:6443/tcp`; IPv6 is not analysed".to_owned(),
        });
    }
    let (to, port) = match to.split_once(':') {
        Some((to, port)) => (to, Some(port)),
        None => (to, None),
    };
    let mut notes = Vec::new();
    let (sender, senders) = place(model, engine, from, &mut notes)?;
    let (receiver, receivers) = place(model, engine, to, &mut notes)?;
    let traffic = match port {
        Some(port) => traffic(port)?,
        None => TrafficSet::from_iter([ALL_TRAFFIC]),
    };
    let errors = TrafficSet::from_iter([sets::icmp(UNREACHABLE, None)]);
    let is_answer = sender == Endpoint::Internet && traffic.is_subset(&errors);
    if is_answer {
        notes.push("an ICMP error answers what the receiver sent, and returns the way that packet went out".to_owned());
    }
    let question = Question { from: sender, senders, to: receiver, receivers, traffic, is_answer };
    let port = port.map(printable);
    Ok(Asked { question, from: printable(from), to: printable(to), port, notes })
}

/// The endpoint with a name or an address.
fn place(
    model: &Model,
    engine: &Engine<'_>,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<(Endpoint, Addresses), Misunderstood> {
    if let Some(endpoint) = model.endpoint(text) {
        return Ok((endpoint, engine.addresses(endpoint)));
    }
    let net = text.parse::<Ipv4Net>().ok().or_else(|| text.parse::<Ipv4Addr>().ok().map(Ipv4Net::from));
    match net {
        Some(net) => in_network(model, engine, text, net.trunc(), notes),
        None => Err(unknown(model, text)),
    }
}

fn in_network(
    model: &Model,
    engine: &Engine<'_>,
    text: &str,
    net: Ipv4Net,
    notes: &mut Vec<String>,
) -> Result<(Endpoint, Addresses), Misunderstood> {
    if net.prefix_len() == 0 {
        return Ok((Endpoint::Internet, engine.addresses(Endpoint::Internet)));
    }
    let addresses = Addresses::from_iter([sets::network(net)]);
    let others = model.network.groups.iter().enumerate().filter(|(_, group)| group.kind == GroupKind::Other);
    let touched: Vec<_> = others
        .map(|(index, group)| (Endpoint::Group(index), group))
        .filter(|(endpoint, _)| !engine.addresses(*endpoint).is_disjoint(&addresses))
        .collect();
    match touched.as_slice() {
        [] => Ok((Endpoint::Internet, addresses)),
        [(endpoint, group)] if addresses.is_subset(&engine.addresses(*endpoint)) => {
            notes.push(format!(
                "{text} is treated as a VNIC of {} without NSGs; name a group to include its NSGs",
                group.name
            ));
            Ok((*endpoint, addresses))
        }
        several => {
            let names: Vec<_> = several.iter().map(|(_, group)| group.name.as_str()).collect();
            Err(Misunderstood {
                message: format!("{text} is not in one place: it spans {}", listed(names.iter().copied())),
                help: "ask for each subnet by its name".to_owned(),
            })
        }
    }
}

fn unknown(model: &Model, text: &str) -> Misunderstood {
    let names = || model.network.groups.iter().map(|group| group.name.as_str()).chain([INTERNET, SERVICES]);
    let suggestion = nearest(text, names()).map(|name| format!("; did you mean {}?", printable(name)));
    Misunderstood {
        message: format!("nothing here is named {}{}", quoted(text), suggestion.unwrap_or_default()),
        help: format!("the names are {}; an IPv4 address or CIDR works, too", known(model)),
    }
}

fn known(model: &Model) -> String {
    let groups = model.network.groups.iter().map(|group| group.name.as_str());
    let names: Vec<_> = [INTERNET, SERVICES].into_iter().chain(groups).map(printable).collect();
    names.join(", ")
}

/// Reads `PORT[/PROTO]`: a port or a range of ports; of ICMP a type, or
/// `TYPE.CODE`.
fn traffic(text: &str) -> Result<TrafficSet, Misunderstood> {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let number = match protocol.to_ascii_lowercase().as_str() {
        "tcp" => TCP,
        "udp" => UDP,
        "icmp" => ICMP,
        _ => {
            return Err(Misunderstood {
                message: format!("{} is not a protocol that has ports", quoted(protocol)),
                help: "write tcp, udp or icmp, as in `k8s.api:6443/tcp` or `k8s.worker:3.4/icmp`".to_owned(),
            });
        }
    };
    let range = if number == ICMP {
        let (kind, code) = ports.split_once('.').map_or((ports, None), |(kind, code)| (kind, Some(code)));
        match (kind.parse(), code.map(str::parse)) {
            (Ok(kind), None) => Some(sets::icmp(kind, None)),
            (Ok(kind), Some(Ok(code))) => Some(sets::icmp(kind, Some(code))),
            _ => None,
        }
    } else {
        let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
        match (first.parse::<u16>(), last.parse::<u16>()) {
            (Ok(first), Ok(last)) if 0 < first && first <= last => Some(sets::with_ports(number, &(first..=last))),
            _ => None,
        }
    };
    let range = range.ok_or_else(|| {
        let (what, help) = if number == ICMP {
            ("an ICMP type", "write a type, or type and code, as in `k8s.worker:3.4/icmp`".to_owned())
        } else {
            (
                "a port",
                format!("write a port from 1 to {}, or a range, as in `k8s.worker:30000-32767`", ALL_PORTS.end()),
            )
        };
        Misunderstood { message: format!("{} is not {what}", quoted(ports)), help }
    })?;
    Ok(TrafficSet::from_iter([range]))
}
