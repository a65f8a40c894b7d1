//! Formats traffic, addresses and rules for users.

use super::model::UNREACHABLE;
use super::network::{Direction, Peer, SecurityRule, Services};
use super::sets::{self, ALL_PORTS, ALL_TRAFFIC, Addresses, ICMP, TCP, TrafficSet, UDP};
use std::ops::RangeInclusive;

/// Traffic as a list, such as `ICMP type 3 code 4; TCP 80, 443`. Of a set that
/// has almost everything, what it lacks is listed.
pub fn traffic(set: &TrafficSet) -> String {
    let everything = TrafficSet::from_iter([ALL_TRAFFIC]);
    let rest = &everything - set;
    if set.is_empty() {
        "nothing".to_owned()
    } else if rest.is_empty() {
        "everything".to_owned()
    } else if rest.len() < set.len() {
        format!("everything but {}", listed(&rest))
    } else {
        listed(set)
    }
}

/// The traffic of an exposure. ICMP's "destination unreachable" is never
/// exposed, and not mentioned as lacking.
pub fn exposed(set: &TrafficSet) -> String {
    let quiet = TrafficSet::from_iter([sets::icmp(UNREACHABLE, None)]);
    let rest = TrafficSet::from_iter([ALL_TRAFFIC]) - set - quiet;
    if rest.is_empty() {
        "everything".to_owned()
    } else if rest.len() < set.len() {
        format!("everything but {}", listed(&rest))
    } else {
        listed(set)
    }
}

/// The pieces of a set, protocol by protocol.
fn listed(set: &TrafficSet) -> String {
    let mut words = Vec::new();
    // Consecutive protocols without a name of which the set has everything.
    let mut whole: Option<(u8, u8)> = None;
    let mut pieces = pieces(set).into_iter().peekable();
    while let Some((number, first)) = pieces.next() {
        let mut ports = vec![first];
        while let Some((_, next)) = pieces.next_if(|(next, _)| *next == number) {
            ports.push(next);
        }
        let is_whole = ports == [(0, 0xffff)];
        let joins = is_whole && ![ICMP, TCP, UDP].contains(&number);
        whole = match whole {
            Some((first, last)) if joins && last.checked_add(1) == Some(number) => Some((first, number)),
            run => {
                words.extend(run.map(protocols));
                joins.then_some((number, number))
            }
        };
        if !joins {
            words.push(of_protocol(number, &ports, is_whole));
        }
    }
    words.extend(whole.map(protocols));
    words.join("; ")
}

/// The ranges of a set, cut where a protocol ends: its number, and a range of
/// ports or of type × 256 + code.
fn pieces(set: &TrafficSet) -> Vec<(u8, (u32, u32))> {
    let cut = |range: RangeInclusive<u32>| {
        let (start, end) = range.into_inner();
        (start >> 16..=end >> 16).filter_map(move |number| {
            let first = if number == start >> 16 { start & 0xffff } else { 0 };
            let last = if number == end >> 16 { end & 0xffff } else { 0xffff };
            Some((u8::try_from(number).ok()?, (first, last)))
        })
    };
    set.ranges().flat_map(cut).collect()
}

fn protocols((first, last): (u8, u8)) -> String {
    if first == last { format!("protocol {first}") } else { format!("protocols {first}-{last}") }
}

fn of_protocol(number: u8, ports: &[(u32, u32)], is_whole: bool) -> String {
    let name = match number {
        ICMP => "ICMP".to_owned(),
        TCP => "TCP".to_owned(),
        UDP => "UDP".to_owned(),
        other => format!("protocol {other}"),
    };
    if is_whole {
        return name;
    }
    let words: Vec<_> = match number {
        ICMP => ports.iter().copied().map(types_and_codes).collect(),
        _ => ports.iter().map(|(first, last)| run(*first, *last)).collect(),
    };
    format!("{name} {}", words.join(", "))
}

fn run(first: u32, last: u32) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

/// A run of type × 256 + code.
fn types_and_codes((first, last): (u32, u32)) -> String {
    let whole_types = first & 0xff == 0 && last & 0xff == 0xff;
    match (first >> 8, last >> 8) {
        (start, end) if whole_types && start == end => format!("type {start}"),
        (start, end) if whole_types => format!("types {start}-{end}"),
        (start, end) if start == end => format!("type {start} code {}", run(first & 0xff, last & 0xff)),
        (start, end) => format!("type {start} code {} to type {end} code {}", first & 0xff, last & 0xff),
    }
}

/// Addresses as CIDRs, and the services by name.
pub fn addresses(set: &Addresses) -> Vec<String> {
    let mut words: Vec<_> = sets::networks(set).iter().map(ToString::to_string).collect();
    for (member, word) in
        [(sets::OBJECT_STORAGE, "Object Storage"), (sets::OTHER_SERVICE, "OCI services other than Object Storage")]
    {
        if set.contains(member) {
            words.push(word.to_owned());
        }
    }
    words
}

/// Who is at the other end of a rule.
pub fn peer(peer: &Peer) -> String {
    match peer {
        Peer::Cidr(net) => net.to_string(),
        Peer::Services(Services::All) => "OCI services".to_owned(),
        Peer::Services(Services::ObjectStorage) => "Object Storage".to_owned(),
        Peer::Nsg(nsg) => nsg.clone(),
    }
}

/// What a rule matches: `TCP 6443`, `ALL`.
pub fn matched(rule: &SecurityRule) -> String {
    let words = match traffic(&TrafficSet::from_iter([sets::traffic(rule.traffic)])).as_str() {
        "everything" => "ALL".to_owned(),
        words => words.to_owned(),
    };
    let from = sets::source_ports(rule.traffic);
    let from = if from == ALL_PORTS {
        String::new()
    } else {
        format!(" from source port {}", run(u32::from(*from.start()), u32::from(*from.end())))
    };
    let stateless = if rule.stateless { " stateless" } else { "" };
    format!("{words}{from}{stateless}")
}

/// A rule in a line: `ingress TCP 6443 from 0.0.0.0/0`.
pub fn rule(rule: &SecurityRule) -> String {
    let preposition = match rule.direction {
        Direction::Ingress => "from",
        Direction::Egress => "to",
    };
    format!("{} {} {preposition} {}", rule.direction.word(), matched(rule), peer(&rule.peer))
}
