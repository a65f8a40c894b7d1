//! The answer to a question, hop by hop, in the manner of the reference's
//! annotated traffic flows.

use super::idle::idle_rules;
use super::judgement::{Concerned, End, FlowResult, candidate};
use super::model::Model;
use super::network::{Direction, Endpoint, Layer, SecurityRule};
use super::path::{Hop, Path, Question, Way};
use super::question::Asked;
use super::report::{RuleLine, obstacle_text, obstacles, reasons_text, rule_line, way};
use super::sets::{Addresses, TrafficSet};
use super::{Engine, display};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The answer, as text that shows why, and as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub result: AnswerResult,
    pub from: String,
    pub to: String,
    /// What was asked about.
    pub traffic: String,
    /// One, or one for each of the places or route tables that an end may have.
    pub paths: Vec<AnswerPath>,
    /// Why an unknown answer is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    #[serde(skip)]
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerResult {
    Allowed,
    Blocked,
    Unknown,
}

/// One way from end to end, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerPath {
    pub from: String,
    pub to: String,
    /// What passes, between some of the addresses at least.
    pub passes: String,
    pub egress: Vec<RuleLine>,
    pub way: String,
    pub ingress: Vec<RuleLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obstacles: Vec<String>,
}

/// The answer to a question that was asked of all candidates of its ends.
pub fn answer<'a>(model: &'a Model, engine: &Engine<'a>, widest: Option<&Engine<'a>>, asked: &[Asked]) -> Answer {
    let any_traffic = asked.iter().any(|one| one.port.is_none());
    let passes = |engine: &Engine<'_>, asked: &Asked| {
        let path = engine.path(&asked.question);
        if any_traffic { !path.possible.is_empty() } else { asked.question.traffic.is_subset(&path.certain) }
    };
    let of_all = |engine: &Engine<'_>| asked.iter().map(|asked| passes(engine, asked)).collect::<Vec<_>>();
    let in_network = of_all(engine);
    let mut all: BTreeSet<bool> = in_network.iter().copied().chain(widest.into_iter().flat_map(of_all)).collect();
    // Where so many rules decide that it is not known, it may pass or not.
    let is_bound = |asked: &Asked| {
        let path = engine.path(&asked.question);
        path.is_bound && !path.possible.is_empty()
    };
    if asked.iter().any(is_bound) {
        all.extend([true, false]);
    }
    let ends = asked.iter().map(|asked| &asked.question);
    let ends = ends.flat_map(|question| End::both(question.from, question.to, question.is_answer));
    let (result, reasons) = Concerned::new(model).settle(model, ends, &all);
    let reasons = reasons_text(result, &reasons);
    let mut text = String::new();
    let mut paths = Vec::new();
    let mut notes = Vec::new();
    for (asked, is_allowed) in asked.iter().zip(in_network) {
        let Question { from, to, .. } = asked.question;
        if !text.is_empty() {
            text.push('\n');
        }
        if result == FlowResult::Unknown && (candidate(model, from).is_some() || candidate(model, to).is_some()) {
            let _ = writeln!(text, "If it is {} → {}:", model.network.name(from), model.network.name(to));
        }
        paths.push(one_path(model, engine, asked, is_allowed, result == FlowResult::Unknown, &mut text));
        for note in &asked.notes {
            if !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        if !is_allowed {
            let traffic = &asked.question.traffic;
            let idle = [(from, Direction::Egress), (to, Direction::Ingress)];
            let idle = idle.into_iter().flat_map(|(at, direction)| idle_rules(engine, at, direction, traffic));
            notes.extend(idle.take(MOST_IDLE));
        }
    }
    if result == FlowResult::Unknown {
        let _ = writeln!(text, "UNKNOWN: what is not known decides");
        for reason in &reasons {
            let _ = writeln!(text, "  {reason}");
        }
    }
    for note in &notes {
        let _ = writeln!(text, "note: {note}");
    }
    let first = asked.first();
    Answer {
        result: match result {
            FlowResult::Proven => AnswerResult::Allowed,
            FlowResult::Broken => AnswerResult::Blocked,
            FlowResult::Unknown => AnswerResult::Unknown,
        },
        from: first.map(|asked| asked.from.clone()).unwrap_or_default(),
        to: first.map(|asked| asked.to.clone()).unwrap_or_default(),
        traffic: first.map(|asked| display::traffic(&asked.question.traffic)).unwrap_or_default(),
        paths,
        reasons,
        notes,
        text,
    }
}

/// Rules that admit nobody that are named for each path.
const MOST_IDLE: usize = 3;

/// One path, with its text hop by hop.
fn one_path(
    model: &Model,
    engine: &Engine<'_>,
    asked: &Asked,
    is_allowed: bool,
    is_unknown: bool,
    text: &mut String,
) -> AnswerPath {
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
    let words = if any_traffic { &path.possible } else { wanted };
    let port = asked.port.as_ref().map(|port| format!(":{port}")).unwrap_or_default();
    let has_ports = !asked.port.as_ref().is_some_and(|port| port.to_ascii_lowercase().ends_with("/icmp"));
    let from = if has_ports && asked.question.from != Endpoint::Services { ":ephemeral" } else { "" };
    let _ = writeln!(text, "{}{from} → {}{port}", asked.from, asked.to);
    if let Some(hop) = &shown.egress {
        hop_text(model, hop, wanted, any_traffic, text);
    }
    let (route, mark) = match &shown.way {
        Way::Blocked(obstacle) => (obstacle_text(obstacle), '✗'),
        Way::Forwarded(through) if !any_traffic && !wanted.is_subset(&through.carried) => (way(&shown.way), '✗'),
        Way::Forwarded(through) if !wanted.is_subset(&through.carried) => {
            (format!("{}, of {} only", way(&shown.way), display::traffic(&through.carried)), '✓')
        }
        passable => (way(passable), '✓'),
    };
    let _ = writeln!(text, "  → route: {route} {mark}");
    if let Some(hop) = &shown.ingress {
        hop_text(model, hop, wanted, any_traffic, text);
    }
    let so_far = if is_unknown { "as far as is known, " } else { "" };
    let _ = writeln!(text, "{so_far}{}", verdict(&path, wanted, words, is_allowed, any_traffic));
    if any_traffic && !is_allowed && asked.question.from == Endpoint::Internet {
        let _ = writeln!(
            text,
            "note: ICMP errors in answer to what the receiver sent are not counted; ask for `:3.4/icmp`"
        );
    }
    let rules =
        |hop: &Option<Hop<'_>>| hop.iter().flat_map(|hop| hop.rules.iter().map(|rule| rule_line(rule))).collect();
    let Question { from, to, .. } = asked.question;
    AnswerPath {
        from: model.network.name(from).to_owned(),
        to: model.network.name(to).to_owned(),
        passes: display::traffic(&(wanted & &path.possible)),
        egress: rules(&shown.egress),
        way: way(&shown.way),
        ingress: rules(&shown.ingress),
        obstacles: if is_allowed { Vec::new() } else { obstacles(model, wanted.clone(), shown) },
    }
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
