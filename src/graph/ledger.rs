//! Refuses a graph in which something dangles, stands twice or runs in a
//! circle. Two equal addresses are the spec's doing; all else would be ours,
//! and is said as that. Keeps addresses and references, and no body.

use super::{Address, Body, Element, Item};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use std::collections::{BTreeSet, HashMap};

/// Which blocks there are, and which of them refer to which.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Each address that a block has or refers to, with its place in `blocks`.
    places: HashMap<Address, usize>,
    blocks: Vec<Entry>,
    clashes: BTreeSet<(usize, usize)>,
}

/// What is known of an address.
#[derive(Debug, Default)]
struct Entry {
    /// What the block was made for; none where nothing has the address yet.
    origin: Option<Span>,
    /// The places of what it refers to, each once.
    references: Vec<usize>,
}

impl Ledger {
    /// Notes a block.
    pub fn enter(&mut self, element: &Element, diagnostics: &mut Diagnostics) {
        check_attributes(element, &element.body, diagnostics);
        let place = self.place(&element.address);
        let mut addresses = Vec::new();
        element.body.references(&mut addresses);
        // A variable's validation speaks of the variable.
        let own = |address: &Address| *address == element.address && matches!(address, Address::Variable(_));
        let mut references: Vec<_> =
            addresses.into_iter().filter(|address| !own(address)).map(|address| self.place(address)).collect();
        references.sort_unstable();
        references.dedup();
        let Some(entry) = self.blocks.get_mut(place) else { return };
        entry.references = references;
        // One clash of names shows in several addresses: say it once.
        if let Some(first) = entry.origin.replace(element.origin.clone())
            && self.clashes.insert((first.start, element.origin.start))
        {
            diagnostics.push(clash(first, element));
        }
    }

    fn place(&mut self, address: &Address) -> usize {
        if let Some(place) = self.places.get(address) {
            return *place;
        }
        let place = self.blocks.len();
        self.places.insert(address.clone(), place);
        self.blocks.push(Entry::default());
        place
    }

    /// Judges the whole, once every block is noted.
    pub fn check(&self, diagnostics: &mut Diagnostics) {
        for (place, Entry { origin, references }) in self.blocks.iter().enumerate() {
            let missing = |to: &&usize| self.blocks.get(**to).is_some_and(|entry| entry.origin.is_none());
            for to in references.iter().filter(missing) {
                let message = format!("`{}` refers to `{}`, which does not exist", self.name(place), self.name(*to));
                diagnostics.push(internal(origin.clone(), message));
            }
        }
        self.check_circles(diagnostics);
    }

    /// Removes what refers to nothing that is left; what remains is a circle.
    fn check_circles(&self, diagnostics: &mut Diagnostics) {
        let mut open: Vec<usize> = self.blocks.iter().map(|entry| entry.references.len()).collect();
        let mut referrers: Vec<Vec<usize>> = vec![Vec::new(); self.blocks.len()];
        for (from, entry) in self.blocks.iter().enumerate() {
            for to in &entry.references {
                if let Some(referrers) = referrers.get_mut(*to) {
                    referrers.push(from);
                }
            }
        }
        let done = |open: &[usize]| -> Vec<usize> {
            open.iter().enumerate().filter(|(_, count)| **count == 0).map(|(place, _)| place).collect()
        };
        let mut ready = done(&open);
        let mut left = open.len();
        while let Some(place) = ready.pop() {
            left -= 1;
            for referrer in referrers.get(place).into_iter().flatten() {
                if let Some(count) = open.get_mut(*referrer) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*referrer);
                    }
                }
            }
        }
        let circle = self.blocks.iter().zip(&open).enumerate().find(|(_, (_, count))| **count > 0);
        if let Some((place, (entry, _))) = circle {
            let message = format!("{left} blocks depend on themselves, `{}` among them", self.name(place));
            diagnostics.push(internal(entry.origin.clone(), message));
        }
    }

    /// The address of a place, for a message: it is looked for.
    fn name(&self, place: usize) -> String {
        let found = self.places.iter().find(|(_, other)| **other == place);
        found.map(|(address, _)| address.to_string()).unwrap_or_default()
    }
}

/// hcl-edit keeps the first of two equal attributes without a word.
fn check_attributes(element: &Element, body: &Body, diagnostics: &mut Diagnostics) {
    let mut names = Vec::new();
    for item in &body.0 {
        match item {
            Item::Attribute(name, _) if names.contains(&name) => {
                let message = format!("`{}` would have `{name}` twice", element.address);
                diagnostics.push(internal(Some(element.origin.clone()), message));
            }
            Item::Attribute(name, _) => names.push(name),
            Item::Block(_, _, body) => check_attributes(element, body, diagnostics),
            Item::Comment(_) => {}
        }
    }
}

fn clash(first: Span, second: &Element) -> Diagnostic {
    let message = format!("two parts of this stack would both be `{}`", second.address);
    Diagnostic::error(second.origin.clone(), message)
        .label("this one")
        .related(first, "and this one")
        .help("addresses are made from names, a hyphen becoming an underscore: rename one of them")
}

/// A mistake of ours, said as one.
fn internal(origin: Option<Span>, message: String) -> Diagnostic {
    Diagnostic::error(origin.unwrap_or_default(), message)
        .label("made for this")
        .help("this is a mistake in cloudspells, not in your spec: please report it with the spec")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Graph, Value};

    fn problems(elements: &[(&str, Body)]) -> Vec<String> {
        let mut graph = Graph::default();
        for (position, (name, body)) in elements.iter().enumerate() {
            let origin = position..position + 1;
            graph.add("network.tf", Address::Resource("thing", (*name).to_owned()), &origin, body.clone());
        }
        let (mut ledger, mut diagnostics) = (Ledger::default(), Diagnostics::default());
        graph.take().for_each(|element| ledger.enter(&element, &mut diagnostics));
        ledger.check(&mut diagnostics);
        diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect()
    }

    fn to(name: &str) -> Body {
        Body::default().attribute("id", Address::Resource("thing", name.to_owned()).attribute("id"))
    }

    #[test]
    fn a_sound_graph_is_let_through() {
        assert_eq!(problems(&[("a", to("b")), ("b", Body::default())]), Vec::<String>::new());
    }

    #[test]
    fn two_equal_addresses_are_refused() {
        let found = problems(&[("a", Body::default()), ("a", Body::default())]);
        assert_eq!(found, ["two parts of this stack would both be `thing.a`"]);
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        assert_eq!(problems(&[("a", to("b"))]), ["`thing.a` refers to `thing.b`, which does not exist"]);
    }

    #[test]
    fn a_circle_is_refused() {
        let found = problems(&[("c", to("a")), ("a", to("b")), ("b", to("a")), ("d", Body::default())]);
        assert_eq!(found, ["3 blocks depend on themselves, `thing.c` among them"]);
    }

    #[test]
    fn an_attribute_that_is_set_twice_is_refused() {
        let body =
            Body::default().block("inner", Body::default().attribute("a", "x").attribute("a", Value::Bool(true)));
        assert_eq!(problems(&[("a", body)]), ["`thing.a` would have `a` twice"]);
    }
}
