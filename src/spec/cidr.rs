//! Reads CIDRs: form, address space, lists.

use super::Field;
use super::value::{string, wrong_type};
use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use hcl_edit::Span as _;
use ipnet::Ipv4Net;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Any IPv4 network.
pub fn any(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Ipv4Net> {
    cidr(field, "\"10.9.0.0/24\"", diagnostics)
}

/// An IPv4 network in canonical form: no host bits, no leading zeros.
fn cidr(field: &Field<'_>, example: &str, diagnostics: &mut Diagnostics) -> Option<Ipv4Net> {
    let text = string(example)(field, diagnostics)?;
    let error = |message: &str| Diagnostic::error(field.span.clone(), format!("{} {message}", quoted(&text)));
    let address = text.split('/').next().unwrap_or_default();
    let problem = match (text.parse::<Ipv4Net>(), text.parse::<Ipv4Addr>()) {
        (Ok(net), _) if net.to_string() == text && net == net.trunc() => return Some(net),
        (Ok(net), _) if net != net.trunc() => error("has host bits set")
            .label(format!("the network is {}", net.trunc()))
            .help(format!("write \"{}\"", net.trunc())),
        (Ok(net), _) => {
            error("is not written plainly").label("a number has zeros in front").help(format!("write \"{net}\""))
        }
        (_, Ok(address)) => error("is an address, not a CIDR")
            .label("the prefix length is missing")
            .help(format!("write \"{address}/32\" for this one address, or a network such as {example}")),
        _ if address.parse::<Ipv6Addr>().is_ok() => {
            error("is IPv6").label("only IPv4 is supported").help(format!("write an IPv4 network such as {example}"))
        }
        _ => error("is not an IPv4 CIDR")
            .label("expected four numbers, a slash and a prefix length")
            .help(format!("for example {example}")),
    };
    diagnostics.push(problem);
    None
}

/// A CIDR that no one else routes: RFC 1918, or RFC 6598 where `shared`.
pub fn private_cidr(shared: bool, example: &'static str) -> impl Fn(&Field<'_>, &mut Diagnostics) -> Option<Ipv4Net> {
    move |field, diagnostics| {
        let net = cidr(field, example, diagnostics)?;
        let spaces: &[(Ipv4Addr, u8)] = &[
            (Ipv4Addr::new(10, 0, 0, 0), 8),
            (Ipv4Addr::new(172, 16, 0, 0), 12),
            (Ipv4Addr::new(192, 168, 0, 0), 16),
            (Ipv4Addr::new(100, 64, 0, 0), 10),
        ];
        let inside = spaces
            .iter()
            .take(if shared { 4 } else { 3 })
            .filter_map(|(address, prefix)| Ipv4Net::new(*address, *prefix).ok())
            .any(|space| space.contains(&net));
        if inside {
            return Some(net);
        }
        let more = if shared { " (RFC 1918), or 100.64.0.0/10 (RFC 6598)" } else { " (RFC 1918)" };
        diagnostics.push(
            Diagnostic::error(
                field.span.clone(),
                format!("{} of {} is not private address space", field.subject, field.owner),
            )
            .label(format!("{net} is public, or kept for something else"))
            .help(format!("take it from 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16{more}")),
        );
        None
    }
}

/// A list of CIDRs without repetition; may be empty.
pub fn cidr_list(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Vec<Ipv4Net>> {
    const EXAMPLE: &str = "\"203.0.113.0/24\"";
    let Some(items) = field.expression.as_array() else {
        diagnostics.push(wrong_type(field, "a list of CIDRs", &format!("[{EXAMPLE}]")));
        return None;
    };
    let mut nets: Vec<Ipv4Net> = Vec::new();
    let mut seen = BTreeMap::new();
    let mut complete = true;
    for item in items {
        let span = item.span().unwrap_or_default();
        let subject = format!("an item of {}", field.subject);
        let item = Field { expression: item, span: span.clone(), subject, ..field.clone() };
        let Some(net) = cidr(&item, EXAMPLE, diagnostics) else {
            complete = false;
            continue;
        };
        if let Some(first) = seen.insert(net, span.clone()) {
            diagnostics.push(
                Diagnostic::error(span, format!("{net} appears twice in {}", field.subject))
                    .label("again")
                    .related(first, "first here")
                    .help("each CIDR becomes one rule in each layer: list it once"),
            );
            complete = false;
        }
        nets.push(net);
    }
    complete.then_some(nets)
}
