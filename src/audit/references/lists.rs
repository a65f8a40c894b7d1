//! From an attribute to the list of things that it names. What a plan leaves out
//! of a list's expression decides how much of it is certain.

use super::resolve::{MOST_NAMED, Resolver};
use super::traced::Traced;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::document::shown;
use crate::audit::document::text::{self, Element};
use serde_json::Value;

/// Things that a list names.
#[derive(Default)]
pub struct Several {
    pub things: Vec<Thing>,
    /// What it may have besides.
    pub possible: Vec<Thing>,
    /// What is not known about the list or was assumed, and what the audit does
    /// instead.
    pub notes: Vec<String>,
    /// The same for a list that is assumed to have every element that its
    /// expression names.
    pub as_named: Option<String>,
    /// Whether the list is complete.
    pub is_whole: bool,
}

/// Elements of a list that its expression leads to.
#[derive(Default)]
struct ByReference {
    things: Vec<Thing>,
    possible: Vec<Thing>,
    /// Whether it may have anything else.
    is_open: bool,
    assumed: Option<String>,
    as_named: Option<String>,
}

impl<'a> Resolver<'a> {
    /// The things that a list names.
    pub fn many(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Several {
        let mut all = Several { is_whole: true, ..Several::default() };
        let mut unknown = Some(0);
        let mut odd = Vec::new();
        match block.get(name) {
            Attribute::Absent => return all,
            Attribute::Unknown => unknown = None,
            Attribute::Known(Value::Array(elements)) => {
                for (at, element) in elements.iter().enumerate() {
                    match element {
                        _ if block.awaits_element(name, at) => unknown = unknown.map(|unknown: usize| unknown + 1),
                        Value::Null => {}
                        element => match self.by_id(element, want) {
                            Ok(thing) => all.things.push(thing),
                            Err(why) => odd.push(format!("{why}; it is left out")),
                        },
                    }
                }
            }
            Attribute::Known(other) => odd.push(format!("{} is not a list; assumed to be empty", shown(other))),
        }
        if let Some(more) = odd.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            odd.truncate(MOST_NAMED);
            odd.push(format!("{more} more of its elements can't be resolved and are left out"));
        }
        let mut is_open = !odd.is_empty();
        if unknown != Some(0) && block.is_configured(name) {
            let found = self.many_by_reference(block, name, want, unknown);
            is_open |= found.is_open;
            all.things.extend(found.things);
            all.possible.extend(found.possible);
            all.notes.extend(found.assumed);
            all.as_named = found.as_named;
        } else if unknown.is_some_and(|unknown| unknown > 0) {
            odd.push("some of its elements are known only after the apply; they are left out".to_owned());
            is_open = true;
        }
        all.is_whole = !is_open;
        all.notes.extend(odd);
        all.things.sort_unstable();
        all.things.dedup();
        all.possible.sort_unstable();
        all.possible.dedup();
        let things = &all.things;
        all.possible.retain(|thing| !things.contains(thing));
        all
    }

    /// The elements of a list that have no id yet; `unknown` is their number,
    /// if it is known.
    fn many_by_reference(&self, block: &Block<'_, 'a>, name: &str, want: Want, unknown: Option<usize>) -> ByReference {
        let open = |why: String| ByReference {
            possible: self.every(want),
            is_open: true,
            assumed: Some(format!("{why}; every {} here is possible", want.word())),
            ..ByReference::default()
        };
        if unknown.is_none()
            && let Some(found) = self.written_out(block, name, want)
        {
            return found;
        }
        let traces = match self.traces(block, name, want, unknown.is_none()) {
            Ok(traces) => traces,
            Err(why) => return open(why),
        };
        let is_one = traces.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
        let mut all = Traced::default();
        for traced in traces {
            all.takes = traced.takes;
            all.is_several |= traced.is_several || traced.is_part && traced.found.len() > 1;
            all.found.extend(traced.found);
            all.opaque.extend(traced.opaque);
            all.assumed.extend(traced.assumed);
            all.others.extend(traced.others);
            all.is_guess |= traced.is_guess;
            all.is_mixed |= traced.is_mixed;
        }
        if !all.opaque.is_empty() || all.is_guess || all.found.is_empty() {
            return open(self.several_or_none(&all, want));
        }
        let found: Vec<_> = all.found.iter().copied().collect();
        let possible: Vec<_> = all.found.iter().chain(&all.others).copied().collect();
        if !all.assumed.is_empty() {
            return ByReference { possible, assumed: self.assumption(&all), ..ByReference::default() };
        }
        match unknown {
            // The list has as many elements as its expression names, each once,
            // so it has all of them.
            Some(count) if is_one && count == found.len() && (count == 1 || count == all.takes) => {
                ByReference { things: found, ..ByReference::default() }
            }
            None => {
                let names = self.names(&all.found);
                // Beside anything else there may be a condition, which leaves
                // the list empty or not set; of several instances, a filter.
                if !is_one || all.is_mixed || all.is_several {
                    let why =
                        format!("it may have {names}, all or none, and others by their ids; the plan does not say");
                    return ByReference { possible, is_open: true, assumed: Some(why), ..ByReference::default() };
                }
                let why = format!("it has {names}, and may have others by their ids, which a plan's JSON leaves out");
                ByReference { things: found, as_named: Some(why), ..ByReference::default() }
            }
            Some(_) => ByReference {
                possible,
                assumed: Some(format!("{}; each is possible", self.several_or_none(&all, want))),
                ..ByReference::default()
            },
        }
    }

    /// The elements of a list literal in the module's text.
    fn written_out(&self, block: &Block<'_, 'a>, name: &str, want: Want) -> Option<ByReference> {
        let written = self.written(block, name)?;
        let elements = text::elements(written.expression)?;
        if !written.planned.iter().eq(elements.iter().flat_map(Element::references)) {
            return None;
        }
        let mut all = ByReference::default();
        let is_only = elements.len() == 1;
        for element in elements {
            if let Element::Text(text) = element {
                all.things.push(self.by_id(&Value::String(text), want).ok()?);
                continue;
            }
            let is_plain = matches!(element, Element::Reference(_));
            // The only element is what makes the list unknown, so that it has no
            // id yet.
            let traced = self.traced_text(written.scope(), name, element.references(), want, !is_only);
            if !is_only && (!is_plain || traced.is_mixed) {
                if !traced.opaque.is_empty() || traced.is_guess {
                    return None;
                }
                all.is_open = true;
                all.possible.extend(traced.found.iter().chain(&traced.others));
                continue;
            }
            if traced.found.len() != 1 || is_plain && traced.takes != 1 {
                return None;
            }
            if !traced.opaque.is_empty() || self.assumption(&traced).is_some() {
                return None;
            }
            all.things.extend(traced.found);
        }
        if all.is_open {
            let possible = self.names(&all.possible.iter().copied().collect());
            all.assumed = Some(format!("an element may be {possible}, or an id that is known; the plan does not say"));
        }
        Some(all)
    }
}
