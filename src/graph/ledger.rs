//! Refuses a graph in which something dangles, stands twice or runs in a
//! circle. Two equal addresses are the spec's doing; all else would be ours,
//! and is said as that. Keeps addresses and references, and no body.

use super::{Address, Body, Element, Item};
use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use std::collections::{BTreeSet, HashMap};

/// Which blocks there are, and which of them refer to which.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Each address that a block has or refers to, with its place in `origins`.
    places: HashMap<Address, usize>,
    /// What each block was made for; none where nothing has the address yet.
    origins: Vec<Option<Span>>,
    /// From place to place, each once: one list, and not one for each block,
    /// which would lie in the way of what comes and goes.
    references: Vec<(usize, usize)>,
    clashes: BTreeSet<(usize, usize)>,
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
        let mut targets: Vec<_> =
            addresses.into_iter().filter(|address| !own(address)).map(|address| self.place(address)).collect();
        targets.sort_unstable();
        targets.dedup();
        self.references.extend(targets.into_iter().map(|to| (place, to)));
        let first = self.origins.get_mut(place).and_then(|origin| origin.replace(element.origin.clone()));
        // One clash of names shows in several addresses: say it once.
        if let Some(first) = first
            && self.clashes.insert((first.start, element.origin.start))
        {
            diagnostics.push(clash(first, element));
        }
    }

    fn place(&mut self, address: &Address) -> usize {
        if let Some(place) = self.places.get(address) {
            return *place;
        }
        let place = self.origins.len();
        self.places.insert(address.clone(), place);
        self.origins.push(None);
        place
    }

    /// Judges the whole, once every block is noted.
    pub fn check(mut self, diagnostics: &mut Diagnostics) {
        let origin = |place: usize| self.origins.get(place).cloned().flatten();
        for (from, to) in self.references.iter().filter(|(_, to)| origin(*to).is_none()) {
            let message = format!("`{}` refers to `{}`, which does not exist", self.name(*from), self.name(*to));
            diagnostics.push(internal(origin(*from), message));
        }
        self.references.sort_unstable_by_key(|(_, to)| *to);
        self.check_circles(diagnostics);
    }

    /// Removes what refers to nothing that is left; what remains is a circle.
    /// The references are sorted by what they refer to.
    fn check_circles(&self, diagnostics: &mut Diagnostics) {
        let mut open = vec![0_usize; self.origins.len()];
        for (from, _) in &self.references {
            if let Some(count) = open.get_mut(*from) {
                *count += 1;
            }
        }
        let mut ready: Vec<_> =
            open.iter().enumerate().filter(|(_, count)| **count == 0).map(|(place, _)| place).collect();
        let mut left = open.len();
        while let Some(place) = ready.pop() {
            left -= 1;
            let first = self.references.partition_point(|(_, to)| *to < place);
            for (referrer, _) in self.references.iter().skip(first).take_while(|(_, to)| *to == place) {
                if let Some(count) = open.get_mut(*referrer) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*referrer);
                    }
                }
            }
        }
        if let Some(place) = open.iter().position(|count| *count > 0) {
            let message = format!("{left} blocks depend on themselves, `{}` among them", self.name(place));
            diagnostics.push(internal(self.origins.get(place).cloned().flatten(), message));
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
