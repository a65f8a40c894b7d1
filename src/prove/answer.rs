//! The answer to a question, hop by hop, in the manner of the reference's
//! annotated traffic flows.

use super::ask::Asked;
use super::line::{Addresses, TrafficSet};
use super::model::Model;
use super::network::{Endpoint, SecurityRule};
use super::path::{Hop, Path, Question, Way};
use super::report::{obstacle_text, way};
use super::{Engine, words};
use std::fmt::Write as _;

/// Whether a connection passes, and the text that shows why.
pub struct Answer {
    pub is_allowed: bool,
    pub text: String,
}

pub fn answer(model: &Model, engine: &Engine<'_>, asked: &Asked) -> Answer {
    let open = asked.port.is_none();
    let path = match engine.path(&asked.question) {
        // Who asks what passes wants to see the way of that.
        path if open && !path.possible.is_empty() && (path.senders.is_some() || path.receivers.is_some()) => {
            let Question { senders, receivers, .. } = asked.question.clone();
            let question = Question {
                senders: path.senders.unwrap_or(senders),
                receivers: path.receivers.unwrap_or(receivers),
                ..asked.question.clone()
            };
            engine.path(&question)
        }
        path => path,
    };
    let wanted = &asked.question.traffic;
    let is_allowed = if open { !path.possible.is_empty() } else { wanted.is_subset(&path.certain) };
    let words = if open { &path.possible } else { wanted };
    let mut text = String::new();
    let port = asked.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    let has_ports = !asked.port.as_ref().is_some_and(|port| port.to_ascii_lowercase().ends_with("/icmp"));
    let from = if has_ports && asked.question.from != Endpoint::Services { ":ephemeral" } else { "" };
    let _ = writeln!(text, "{}{from} → {}{port}", asked.from, asked.to);
    if let Some(hop) = &path.egress {
        hop_text(model, hop, wanted, open, &mut text);
    }
    let (route, mark) = match &path.way {
        Way::Blocked(obstacle) => (obstacle_text(obstacle), '✗'),
        passable => (way(passable), '✓'),
    };
    let _ = writeln!(text, "  → route: {route} {mark}");
    if let Some(hop) = &path.ingress {
        hop_text(model, hop, wanted, open, &mut text);
    }
    let _ = writeln!(text, "{}", verdict(&path, wanted, words, is_allowed, open));
    for note in &asked.notes {
        let _ = writeln!(text, "note: {note}");
    }
    Answer { is_allowed, text }
}

fn verdict(path: &Path<'_>, wanted: &TrafficSet, words: &TrafficSet, is_allowed: bool, open: bool) -> String {
    let words = words::traffic(words);
    if is_allowed {
        // Of an open question, what passes may not pass between all.
        let some = open && path.certain != path.possible;
        let some = if some { " (some of it between some of the addresses only)" } else { "" };
        return format!("ALLOWED: {words}{some}");
    }
    let part = wanted & &path.possible;
    if open || part.is_empty() {
        return if open { "BLOCKED".to_owned() } else { format!("BLOCKED: {words}") };
    }
    let certain = wanted & &path.certain;
    if certain.is_empty() {
        let (from, to) = (some(&path.senders), some(&path.receivers));
        format!("BLOCKED: {words}; {} passes only{}{}", words::traffic(&part), from(" from "), to(" to "))
    } else {
        format!("BLOCKED: {words}; only {} passes", words::traffic(&certain))
    }
}

/// The only addresses between which something passes, after a word; nothing
/// where it is all of them.
fn some(addresses: &Option<Addresses>) -> impl Fn(&str) -> String {
    move |word| match addresses {
        Some(addresses) => format!("{word}{}", words::addresses(addresses).join(", ")),
        None => String::new(),
    }
}

fn hop_text(model: &Model, hop: &Hop<'_>, wanted: &TrafficSet, open: bool, text: &mut String) {
    let direction = hop.direction.api_name();
    for rule in &hop.rules {
        let _ = writeln!(
            text,
            "  → {} {direction}: {} {} ✓ ({} rule)",
            rule.address,
            words::peer(&rule.peer),
            words::matched(rule),
            layer(rule)
        );
    }
    let lacking = wanted - &hop.admitted;
    // Who asks for everything does not expect all of it.
    if lacking.is_empty() || (open && !hop.rules.is_empty()) {
        return;
    }
    if let Some(rule) = hop.unanswered {
        let _ = writeln!(text, "  → {}: no rule lets the reply of what is stateless pass ✗", rule.address);
        return;
    }
    let at = model.network.name(hop.endpoint);
    let lacking = if open { "anything".to_owned() } else { words::traffic(&lacking) };
    let _ = writeln!(text, "  → {at} {direction}: no rule admits {lacking} ✗");
    if let Some(rule) = hop.nearest {
        let _ = writeln!(text, "      nearest: {}: {}", rule.address, words::rule(rule));
    }
}

/// Where a rule stands.
fn layer(rule: &SecurityRule) -> &'static str {
    if rule.address.contains("oci_core_network_security_group_security_rule.") { "NSG" } else { "security list" }
}
