//! What is not known: all of it, or by cause.

use super::fold;
use cloudspells::prove::{May, Unknown};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Places that are listed of each.
const MOST_PLACES: usize = 2;

/// Whether something that is not known may open what the report does not list.
pub fn may_open(unknowns: &[Unknown]) -> bool {
    unknowns.iter().any(|one| matches!(one.may, May::Open | May::Either))
}

/// All that is not known, or so many causes.
pub fn text(unknowns: &[Unknown], advice: &str, most_causes: Option<usize>, text: &mut String) {
    if unknowns.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nNot known for certain; each line says what is left out or assumed:\n");
    if let Some(most_causes) = most_causes {
        causes(unknowns, most_causes, text);
    } else {
        for Unknown { address, attribute, why, may, .. } in unknowns {
            let _ = writeln!(text, "  {address}: {attribute}: {why}{}", effect(*may));
        }
    }
    if !advice.is_empty() {
        let _ = writeln!(text, "\n{}", advice);
    }
}

const fn effect(may: May) -> &'static str {
    match may {
        May::Nothing => "",
        May::Open => " (may open more)",
        May::Close => " (may close some)",
        May::Either => " (may open or close)",
    }
}

/// The unknowns by what they may do and why they are; the most dangerous and
/// frequent first.
fn causes(unknowns: &[Unknown], most_causes: usize, text: &mut String) {
    let mut causes = BTreeMap::<_, Vec<&Unknown>>::new();
    for unknown in unknowns {
        causes.entry((unknown.may, cause(unknown))).or_default().push(unknown);
    }
    let opens = |may: &May| matches!(may, May::Open | May::Either);
    let mut causes: Vec<_> = causes.into_iter().collect();
    causes.sort_by_key(|((may, _), found)| (!opens(may), *may == May::Nothing, std::cmp::Reverse(found.len())));
    for ((may, _), found) in causes.iter().take(most_causes) {
        let places: Vec<_> = found.iter().map(|one| format!("{}: {}", one.address, one.attribute)).collect();
        let places = fold::names(&places);
        let more = places.len().saturating_sub(MOST_PLACES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<_> = places.into_iter().take(MOST_PLACES).collect();
        let Some(first) = found.first() else { continue };
        let times = if found.len() > 1 { format!("{} times: ", found.len()) } else { String::new() };
        let _ = writeln!(
            text,
            "  {times}{}{}\n      {}{more}",
            if first.is_as_named { AS_NAMED } else { &first.why },
            effect(*may),
            shown.join("; ")
        );
    }
    let rest: usize = causes.iter().skip(most_causes).map(|(_, found)| found.len()).sum();
    if rest > 0 {
        let _ = writeln!(text, "  ... and {rest} more; `-v` lists them.");
    }
}

const AS_NAMED: &str = "a list is taken to have what its expression refers to, and may have more by their ids, which a \
                        plan's JSON leaves out";

/// Why, without what differs from place to place: indices and what is quoted.
fn cause(unknown: &Unknown) -> String {
    if unknown.is_as_named {
        return AS_NAMED.to_owned();
    }
    // Every second piece between quotation marks is quoted.
    let unquoted: String = unknown.why.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
    fold::pattern(&unquoted)
}
