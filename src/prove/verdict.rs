//! Whether each documented flow passes.

use super::Engine;
use super::model::{Flow, Model};
use super::path::{Path, Question};
use super::sets::Addresses;

/// A flow, with the path that it takes or that is blocked.
pub struct Verdict<'a> {
    pub flow: &'a Flow,
    /// The senders that the flow is limited to.
    pub senders: Addresses,
    pub path: Path<'a>,
}

impl Verdict<'_> {
    /// Whether all of the flow's traffic passes between all of its addresses.
    pub fn is_proven(&self) -> bool {
        self.flow.wanted().is_subset(&self.path.certain)
    }
}

/// A verdict for each flow that has something to prove.
pub fn verdicts<'a>(engine: &Engine<'a>, model: &'a Model) -> Vec<Verdict<'a>> {
    model.flows.iter().filter_map(|flow| verdict(engine, flow)).collect()
}

/// The verdict of a flow. One that is limited to clients outside the
/// endpoint's addresses, such as private ones for the internet, has nothing to
/// prove.
pub fn verdict<'a>(engine: &Engine<'a>, flow: &'a Flow) -> Option<Verdict<'a>> {
    let senders = flow.senders(engine.addresses(flow.from));
    if senders.is_empty() && flow.clients.is_some() {
        return None;
    }
    let question = Question {
        from: flow.from,
        senders: senders.clone(),
        to: flow.to,
        receivers: engine.addresses(flow.to),
        traffic: flow.wanted(),
        is_answer: flow.is_answer(),
    };
    Some(Verdict { flow, senders, path: engine.path(&question) })
}
