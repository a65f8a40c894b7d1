//! How long a node may take to be emptied before OKE deletes it.

use crate::diagnostic::{Diagnostic, Diagnostics, quoted};
use crate::graph::{Body, Value};
use crate::spec::value::{boolean, string};
use crate::spec::{BlockReader, Field};
use std::ops::RangeInclusive;

/// Minutes. Oracle, Container Engine API, `NodeEvictionNodePoolSettings`.
const MINUTES: RangeInclusive<u64> = 0..=60;

pub struct Eviction {
    grace: Option<String>,
    force: Option<bool>,
}

impl Eviction {
    pub fn read(reader: &mut BlockReader<'_>) -> Self {
        let grace = reader.optional("eviction_grace_duration", grace);
        let force = reader.optional("force_delete_after_grace_duration", boolean);
        Self { grace: grace.map(|at| at.value), force: force.map(|at| at.value) }
    }

    /// The pool's block; none where OKE decides.
    pub fn block(&self) -> Option<Body> {
        if self.grace.is_none() && self.force.is_none() {
            return None;
        }
        let body = Body::default().optional("eviction_grace_duration", self.grace.as_deref());
        Some(match self.force {
            Some(force) => body.attribute("is_force_delete_after_grace_duration", Value::Bool(force)),
            None => body,
        })
    }
}

/// An ISO 8601 duration of whole minutes, as OKE gives it back.
fn grace(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = string("\"PT30M\"")(field, diagnostics)?;
    let digits = text.strip_prefix("PT").and_then(|rest| rest.strip_suffix('M'));
    let digits = digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
    let plain = digits.filter(|digits| *digits == "0" || !digits.starts_with('0'));
    let label = match plain.and_then(|digits| digits.parse().ok()) {
        Some(minutes) if MINUTES.contains(&minutes) => return Some(text),
        Some(_) => "an hour at most",
        None => "not a number of minutes as ISO 8601 writes it",
    };
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} can't be {}", field.subject, field.owner, quoted(&text)),
        )
        .label(label)
        .help("write \"PT0M\" to \"PT60M\", for example \"PT30M\""),
    );
    None
}
