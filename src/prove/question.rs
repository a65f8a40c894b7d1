//! Parses questions as users type them: `k8s.pod`, `10.0.0.5`,
//! `k8s.api:6443/tcp`.

use super::Engine;
use super::judgement::{candidate, is_other_self};
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

/// Reads `FROM` and `TO[:PORT[/PROTO]]`. Where an end may be in several places,
/// or have several route tables, there is a question for each.
///
/// # Errors
///
/// For an unknown name (the message lists the known ones), an address range
/// that spans several subnets, or an invalid port.
pub fn ask(model: &Model, engine: &Engine<'_>, from: &str, to: &str) -> Result<Vec<Asked>, Misunderstood> {
    // Names may have colons too.
    let is_name = |text: &str| !named(model, text).is_empty();
    let (to, port) = match to.rsplit_once(':') {
        _ if is_name(to) => (to, None),
        Some((name, port)) if is_name(name) => (name, Some(port)),
        _ => to.split_once(':').map_or((to, None), |(to, port)| (to, Some(port))),
    };
    let is_odd = |text: &str| text.contains(':') && !is_name(text);
    if let Some(text) = [from, to, port.unwrap_or_default()].into_iter().find(|text| is_odd(text)) {
        return Err(Misunderstood {
            message: format!("{} has more than one `:`", quoted(text)),
            help: "ask for a name or an IPv4 address or CIDR, and after one `:` the port, as in `k8s.api:6443/tcp`; IPv6 is not analysed".to_owned(),
        });
    }
    let mut notes = Vec::new();
    let senders = place(model, engine, from, &mut notes)?;
    let receivers = place(model, engine, to, &mut notes)?;
    let is_outside = |ends: &[(Endpoint, Addresses)]| ends.iter().all(|(end, _)| *end == Endpoint::Internet);
    if is_outside(&senders) && is_outside(&receivers) {
        return Err(Misunderstood {
            message: format!("neither {} nor {} is in a VCN here", quoted(from), quoted(to)),
            help: format!(
                "public addresses are not part of a VNIC here: name the VNIC that has it, or ask for its private address; the names are {}",
                known(model)
            ),
        });
    }
    let traffic = match port {
        Some(port) => traffic(port)?,
        None => TrafficSet::from_iter([ALL_TRAFFIC]),
    };
    let errors = TrafficSet::from_iter([sets::icmp(UNREACHABLE, None)]);
    let is_answer = senders.iter().all(|(sender, _)| *sender == Endpoint::Internet) && traffic.is_subset(&errors);
    if is_answer {
        notes.push("an ICMP error answers what the receiver sent, and returns the way that packet went out".to_owned());
    }
    let port = port.map(printable);
    let mut asked = Vec::new();
    for (sender, senders) in &senders {
        for (receiver, receivers) in &receivers {
            if is_other_self(model, *sender, *receiver) {
                continue;
            }
            let question = Question {
                from: *sender,
                senders: senders.clone(),
                to: *receiver,
                receivers: receivers.clone(),
                traffic: traffic.clone(),
                is_answer,
            };
            let (from, to, port, notes) = (printable(from), printable(to), port.clone(), notes.clone());
            asked.push(Asked { question, from, to, port, notes });
        }
    }
    Ok(asked)
}

/// Whether two endpoints are candidates for the same VNICs.
fn is_same(model: &Model, one: Endpoint, other: Endpoint) -> bool {
    candidate(model, one).is_some_and(|name| candidate(model, other) == Some(name))
}

/// The endpoints of a name: one, or several candidates.
fn named(model: &Model, name: &str) -> Vec<Endpoint> {
    if let Some(endpoint) = model.endpoint(name) {
        return vec![endpoint];
    }
    let groups = model.network.groups.iter().enumerate();
    groups.filter(|(_, group)| group.candidate_of.as_deref() == Some(name)).map(|(at, _)| Endpoint::Group(at)).collect()
}

/// The endpoints with a name or an address: several if they are candidates.
fn place(
    model: &Model,
    engine: &Engine<'_>,
    text: &str,
    notes: &mut Vec<String>,
) -> Result<Vec<(Endpoint, Addresses)>, Misunderstood> {
    let named = named(model, text);
    if !named.is_empty() {
        return Ok(named.into_iter().map(|endpoint| (endpoint, engine.addresses(endpoint))).collect());
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
) -> Result<Vec<(Endpoint, Addresses)>, Misunderstood> {
    if net.prefix_len() == 0 {
        return Ok(vec![(Endpoint::Internet, engine.addresses(Endpoint::Internet))]);
    }
    let addresses = Addresses::from_iter([sets::network(net)]);
    let others = model.network.groups.iter().enumerate().filter(|(_, group)| group.kind == GroupKind::Other);
    let touched: Vec<_> = others
        .map(|(index, group)| (Endpoint::Group(index), group))
        .filter(|(endpoint, _)| !engine.addresses(*endpoint).is_disjoint(&addresses))
        .collect();
    match touched.as_slice() {
        [] => Ok(vec![(Endpoint::Internet, addresses)]),
        [(first, group), more @ ..]
            if more.iter().all(|(endpoint, _)| is_same(model, *first, *endpoint))
                && touched.iter().all(|(endpoint, _)| addresses.is_subset(&engine.addresses(*endpoint))) =>
        {
            notes.push(format!(
                "{text} is treated as a VNIC of {} without NSGs; name a group to include its NSGs",
                group.candidate_of.as_ref().unwrap_or(&group.name)
            ));
            Ok(touched.iter().map(|(endpoint, _)| (*endpoint, addresses.clone())).collect())
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
    let mut groups = Vec::new();
    for group in &model.network.groups {
        let name = group.candidate_of.as_ref().unwrap_or(&group.name).as_str();
        if groups.last() != Some(&name) {
            groups.push(name);
        }
    }
    let more = groups.len().saturating_sub(MOST_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let names = [INTERNET, SERVICES].into_iter().chain(groups.into_iter().take(MOST_NAMES));
    format!("{}{more}", names.map(printable).collect::<Vec<_>>().join(", "))
}

/// Names of groups that a message lists.
const MOST_NAMES: usize = 60;

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
