//! Refuses a graph in which something dangles, stands twice or runs in a
//! circle. Two equal addresses are the spec's doing; all else would be ours,
//! and is said as that.

use super::{Address, Body, Element, Graph, Item};
use crate::diagnostic::{Diagnostic, Diagnostics};
use std::collections::{BTreeSet, HashMap};

impl Graph {
    pub fn check(&self, diagnostics: &mut Diagnostics) {
        // Only looked up, never walked: its order shows nowhere.
        let mut positions: HashMap<&Address, usize> = HashMap::with_capacity(self.elements.len());
        let mut clashes = BTreeSet::new();
        for (position, element) in self.elements.iter().enumerate() {
            check_attributes(element, &element.body, diagnostics);
            let first = positions.insert(&element.address, position).and_then(|first| self.elements.get(first));
            // One clash of names shows in several addresses: say it once.
            if let Some(first) = first
                && clashes.insert((first.origin.start, element.origin.start))
            {
                diagnostics.push(clash(first, element));
            }
        }
        let mut references = Vec::with_capacity(self.elements.len());
        for (position, element) in self.elements.iter().enumerate() {
            let mut addresses = Vec::new();
            element.body.references(&mut addresses);
            let mut found = BTreeSet::new();
            for address in addresses {
                match positions.get(address) {
                    // A variable's validation speaks of the variable.
                    Some(to) if *to == position && matches!(address, Address::Variable(_)) => {}
                    Some(to) => drop(found.insert(*to)),
                    None => {
                        let message = format!("`{}` refers to `{address}`, which does not exist", element.address);
                        diagnostics.push(internal(element, message));
                    }
                }
            }
            references.push(found);
        }
        self.check_circles(&references, diagnostics);
    }

    /// Removes what refers to nothing that is left; what remains is a circle.
    fn check_circles(&self, references: &[BTreeSet<usize>], diagnostics: &mut Diagnostics) {
        let mut open: Vec<usize> = references.iter().map(BTreeSet::len).collect();
        let mut referrers: Vec<Vec<usize>> = vec![Vec::new(); references.len()];
        for (from, found) in references.iter().enumerate() {
            for to in found {
                if let Some(referrers) = referrers.get_mut(*to) {
                    referrers.push(from);
                }
            }
        }
        let done = |open: &[usize]| -> Vec<usize> {
            open.iter().enumerate().filter(|(_, count)| **count == 0).map(|(position, _)| position).collect()
        };
        let mut ready = done(&open);
        let mut left = open.len();
        while let Some(position) = ready.pop() {
            left -= 1;
            for referrer in referrers.get(position).into_iter().flatten() {
                if let Some(count) = open.get_mut(*referrer) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*referrer);
                    }
                }
            }
        }
        if let Some((element, _)) = self.elements.iter().zip(&open).find(|(_, count)| **count > 0) {
            let message = format!("{left} blocks depend on themselves, `{}` among them", element.address);
            diagnostics.push(internal(element, message));
        }
    }
}

/// hcl-edit keeps the first of two equal attributes without a word.
fn check_attributes(element: &Element, body: &Body, diagnostics: &mut Diagnostics) {
    let mut names = Vec::new();
    for item in &body.0 {
        match item {
            Item::Attribute(name, _) if names.contains(&name) => {
                diagnostics.push(internal(element, format!("`{}` would have `{name}` twice", element.address)));
            }
            Item::Attribute(name, _) => names.push(name),
            Item::Block(_, _, body) => check_attributes(element, body, diagnostics),
            Item::Comment(_) => {}
        }
    }
}

fn clash(first: &Element, second: &Element) -> Diagnostic {
    let message = format!("two parts of this stack would both be `{}`", second.address);
    Diagnostic::error(second.origin.clone(), message)
        .label("this one")
        .related(first.origin.clone(), "and this one")
        .help("addresses are made from names, a hyphen becoming an underscore: rename one of them")
}

/// A mistake of ours, said as one.
fn internal(element: &Element, message: String) -> Diagnostic {
    Diagnostic::error(element.origin.clone(), message)
        .label("made for this")
        .help("this is a mistake in cloudspells, not in your spec: please report it with the spec")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Value;

    fn problems(elements: &[(&str, Body)]) -> Vec<String> {
        let mut graph = Graph::default();
        for (position, (name, body)) in elements.iter().enumerate() {
            let origin = position..position + 1;
            graph.add("network.tf", Address::Resource("thing", (*name).to_owned()), &origin, body.clone());
        }
        let mut diagnostics = Diagnostics::default();
        graph.check(&mut diagnostics);
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
