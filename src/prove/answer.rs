//! The answer to a question, hop by hop, in the manner of the reference's
//! annotated traffic flows.

use super::model::Model;
use super::network::{Endpoint, Layer, SecurityRule};
use super::path::{Hop, Path, Question, Way};
use super::question::Asked;
use super::report::{obstacle_text, way};
use super::sets::{Addresses, TrafficSet};
use super::{Engine, display};
use std::fmt::Write as _;

/// Whether a connection passes, and the text that shows why.
pub struct Answer {
    pub is_allowed: bool,
    pub text: String,
}

pub fn answer(model: &Model, engine: &Engine<'_>, asked: &Asked) -> Answer {
    let any_traffic = asked.port.is_none();
    let path = engine.path(&asked.question);
    // Without a port the question is what passes, so the path shown is that of
    // what does.
    let narrowed = (any_traffic && !path.possible.is_empty()).then(|| {
        let Question { senders, receivers, .. } = &asked.question;
        let senders = path.senders.clone().unwrap_or_else(|| senders.clone());
        let receivers = path.receivers.clone().unwrap_or_else(|| receivers.clone());
        engine.path(&Question { senders, receivers, ..asked.question.clone() })
    });
    let shown = narrowed.as_ref().unwrap_or(&path);
    let wanted = &asked.question.traffic;
    let is_allowed = if any_traffic { !path.possible.is_empty() } else { wanted.is_subset(&path.certain) };
    let words = if any_traffic { &path.possible } else { wanted };
    let mut text = String::new();
    let port = asked.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    let has_ports = !asked.port.as_ref().is_some_and(|port| port.to_ascii_lowercase().ends_with("/icmp"));
    let from = if has_ports && asked.question.from != Endpoint::Services { ":ephemeral" } else { "" };
    let _ = writeln!(text, "{}{from} → {}{port}", asked.from, asked.to);
    if let Some(hop) = &shown.egress {
        hop_text(model, hop, wanted, any_traffic, &mut text);
    }
    let (route, mark) = match &shown.way {
        Way::Blocked(obstacle) => (obstacle_text(obstacle), '✗'),
        passable => (way(passable), '✓'),
    };
    let _ = writeln!(text, "  → route: {route} {mark}");
    if let Some(hop) = &shown.ingress {
        hop_text(model, hop, wanted, any_traffic, &mut text);
    }
    let _ = writeln!(text, "{}", verdict(&path, wanted, words, is_allowed, any_traffic));
    if any_traffic && !is_allowed && asked.question.from == Endpoint::Internet {
        let _ = writeln!(
            text,
            "note: ICMP errors in answer to what the receiver sent are not counted; ask for `:3.4/icmp`"
        );
    }
    for note in &asked.notes {
        let _ = writeln!(text, "note: {note}");
    }
    Answer { is_allowed, text }
}

fn verdict(path: &Path<'_>, wanted: &TrafficSet, words: &TrafficSet, is_allowed: bool, any_traffic: bool) -> String {
    let words = display::traffic(words);
    if is_allowed {
        // Without a port, some of the traffic may pass between some of the
        // addresses only.
        let partly = any_traffic && path.certain != path.possible;
        let (from, to) = (some(&path.senders), some(&path.receivers));
        return match (partly, from(" from "), to(" to ")) {
            (false, ..) => format!("ALLOWED: {words}"),
            (true, from, to) if from.is_empty() && to.is_empty() => {
                format!("ALLOWED: {words} (some of it between some of the addresses only)")
            }
            (true, from, to) => format!("ALLOWED: {words}, only{from}{to}"),
        };
    }
    let part = wanted & &path.possible;
    if any_traffic || part.is_empty() {
        return if any_traffic { "BLOCKED".to_owned() } else { format!("BLOCKED: {words}") };
    }
    let certain = wanted & &path.certain;
    if certain.is_empty() {
        let (from, to) = (some(&path.senders), some(&path.receivers));
        format!("BLOCKED: {words}; {} passes only{}{}", display::traffic(&part), from(" from "), to(" to "))
    } else {
        format!("BLOCKED: {words}; only {} passes", display::traffic(&certain))
    }
}

/// The addresses that the answer is limited to, after a word; empty if it is
/// not.
fn some(addresses: &Option<Addresses>) -> impl Fn(&str) -> String {
    move |word| match addresses {
        Some(addresses) => format!("{word}{}", display::addresses(addresses).join(", ")),
        None => String::new(),
    }
}

fn hop_text(model: &Model, hop: &Hop<'_>, wanted: &TrafficSet, any_traffic: bool, text: &mut String) {
    let direction = hop.direction.api_name();
    for rule in &hop.rules {
        let _ = writeln!(
            text,
            "  → {} {direction}: {} {} ✓ ({} rule)",
            rule.address,
            display::peer(&rule.peer),
            display::matched(rule),
            layer(rule)
        );
    }
    let lacking = wanted - &hop.admitted;
    // A question without a port does not expect all traffic to pass.
    if lacking.is_empty() || (any_traffic && !hop.rules.is_empty()) {
        return;
    }
    if let Some(rule) = hop.unanswered {
        let _ = writeln!(text, "  → {}: admits it statelessly, but no rule admits the reply ✗", rule.address);
        return;
    }
    let at = model.network.name(hop.endpoint);
    let lacking = if any_traffic { "anything".to_owned() } else { display::traffic(&lacking) };
    let _ = writeln!(text, "  → {at} {direction}: no rule admits {lacking} ✗");
    if let Some(rule) = hop.nearest {
        let _ = writeln!(text, "      nearest: {}: {}", rule.address, display::rule(rule));
    }
}

/// The layer that a rule belongs to.
fn layer(rule: &SecurityRule) -> &'static str {
    match rule.layer {
        Layer::Nsg => "NSG",
        Layer::SecurityList => "security list",
    }
}
