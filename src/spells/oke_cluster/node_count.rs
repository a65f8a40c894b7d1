//! How many nodes a pool has: a number, or what an autoscaler keeps to.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use crate::facts::limits;
use crate::spec::Field;
use crate::spec::object::members;
use crate::spec::value::integer;
use hcl_edit::expr::Expression;

const EXAMPLE: &str = "{ min = 1, max = 5 }";

pub struct NodeCount {
    pub span: Span,
    /// Nodes over all availability domains together; may be 0.
    pub initial: u64,
    /// The least and the most, where an autoscaler decides after the creation.
    pub range: Option<(u64, u64)>,
}

impl NodeCount {
    /// Nodes that there may be at once.
    pub fn most(&self) -> u64 {
        self.range.map_or(self.initial, |(_, most)| most)
    }
}

pub fn node_count(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<NodeCount> {
    let count = || integer(0..=limits::NODES_PER_POOL, " nodes");
    let span = field.span.clone();
    if !matches!(field.expression, Expression::Object(_)) {
        let initial = count()(field, diagnostics)?;
        return Some(NodeCount { span, initial, range: None });
    }
    let members = members(field, &["min", "max", "initial"], EXAMPLE, diagnostics)?;
    let mut read = |wanted| {
        let (_, field) = members.iter().find(|(name, _)| *name == wanted)?;
        Some(count()(field, diagnostics))
    };
    let (least, most, initial) = (read("min"), read("max"), read("initial"));
    let (Some(least), Some(most)) = (least, most) else {
        diagnostics.push(
            Diagnostic::error(span, format!("{} of {} has no `min` or no `max`", field.subject, field.owner))
                .label("an autoscaler keeps to both")
                .help(format!("write {EXAMPLE}; `initial` is `min` where it is left out")),
        );
        return None;
    };
    let (least, most) = (least?, most?);
    let initial = initial.unwrap_or(Some(least))?;
    if most == 0 || !(least..=most).contains(&initial) {
        let message =
            format!("{} of {} can't go from {least} to {most}, starting with {initial}", field.subject, field.owner);
        let (label, help) = if most == 0 {
            ("an autoscaler has nothing to do where max is 0", format!("for example {EXAMPLE}; for no nodes write 0"))
        } else {
            ("expected min ≤ initial ≤ max", format!("for example {EXAMPLE}"))
        };
        diagnostics.push(Diagnostic::error(span, message).label(label).help(help));
        return None;
    }
    Some(NodeCount { span, initial, range: Some((least, most)) })
}
