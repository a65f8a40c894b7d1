//! The stack as blocks with addresses and references between them. Refuses
//! what dangles, stands twice or runs in circles. Knows no OCI and no layout.

use crate::diagnostic::{Diagnostic, Diagnostics, Span};
use hcl_edit::expr::Expression;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Where a block can be referred to: `oci_core_vcn.lab`, `var.region`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Address {
    Resource(&'static str, String),
    Data(&'static str, String),
    Variable(String),
    /// Outputs are not referred to; they have an address so that two can't
    /// share one.
    Output(String),
}

impl Address {
    /// The address's parts, as a reference writes them between dots.
    pub fn parts(&self) -> Vec<&str> {
        match self {
            Self::Resource(kind, name) => vec![kind, name],
            Self::Data(kind, name) => vec!["data", kind, name],
            Self::Variable(name) => vec!["var", name],
            Self::Output(name) => vec!["output", name],
        }
    }

    pub fn attribute(self, name: &'static str) -> Value {
        Value::Reference(self, vec![Step::Attribute(name)])
    }

    pub fn path(self, path: impl Into<Vec<Step>>) -> Value {
        Value::Reference(self, path.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().join("."))
    }
}

/// A step from a block into its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Attribute(&'static str),
    Index(u64),
    Splat,
}

/// The right-hand side of an attribute.
#[derive(Debug, Clone)]
pub enum Value {
    String(String),
    Number(u64),
    Bool(bool),
    /// On one line.
    List(Vec<Value>),
    /// One item a line.
    Lines(Vec<Value>),
    /// One item a line; `{}` where there is none.
    Object(Vec<(String, Value)>),
    Reference(Address, Vec<Step>),
    /// A name that the block around defines, such as a `dynamic` block's
    /// iterator, or a type.
    Name(Vec<&'static str>),
    Call(&'static str, Vec<Value>),
    /// `a == b`.
    Equal(Box<Value>, Box<Value>),
    /// What the user wrote.
    Expression(Box<Expression>),
}

impl Value {
    #[must_use]
    pub fn equals(self, other: impl Into<Self>) -> Self {
        Self::Equal(Box::new(self), Box::new(other.into()))
    }

    fn references<'a>(&'a self, found: &mut Vec<&'a Address>) {
        match self {
            Self::Reference(address, _) => found.push(address),
            Self::List(items) | Self::Lines(items) | Self::Call(_, items) => {
                items.iter().for_each(|item| item.references(found));
            }
            Self::Equal(left, right) => {
                left.references(found);
                right.references(found);
            }
            Self::Object(items) => items.iter().for_each(|(_, item)| item.references(found)),
            Self::String(_) | Self::Number(_) | Self::Bool(_) | Self::Name(_) | Self::Expression(_) => {}
        }
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

/// Attributes, nested blocks and comments, in the order in which they are
/// written.
#[derive(Debug, Clone, Default)]
pub struct Body(pub Vec<Item>);

#[derive(Debug, Clone)]
pub enum Item {
    Attribute(Cow<'static, str>, Value),
    Block(&'static str, Vec<String>, Body),
    /// A line above what follows it.
    Comment(Cow<'static, str>),
}

impl Body {
    #[must_use]
    pub fn attribute(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.0.push(Item::Attribute(name.into(), value.into()));
        self
    }

    /// Adds an attribute where there is a value for it.
    #[must_use]
    pub fn optional(mut self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        self.0.extend(value.map(|value| Item::Attribute(name.into(), value.into())));
        self
    }

    #[must_use]
    pub fn block(mut self, name: &'static str, body: Self) -> Self {
        self.0.push(Item::Block(name, Vec::new(), body));
        self
    }

    #[must_use]
    pub fn labelled(mut self, name: &'static str, label: impl Into<String>, body: Self) -> Self {
        self.0.push(Item::Block(name, vec![label.into()], body));
        self
    }

    #[must_use]
    pub fn comment(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.0.push(Item::Comment(text.into()));
        self
    }

    fn references<'a>(&'a self, found: &mut Vec<&'a Address>) {
        for item in &self.0 {
            match item {
                Item::Attribute(_, value) => value.references(found),
                Item::Block(_, _, body) => body.references(found),
                Item::Comment(_) => {}
            }
        }
    }
}

/// A block with an address, in the file where it belongs.
#[derive(Debug)]
pub struct Element {
    pub address: Address,
    pub file: &'static str,
    pub body: Body,
    /// The part of the spec that it was made for.
    pub origin: Span,
}

#[derive(Debug, Default)]
pub struct Graph {
    pub elements: Vec<Element>,
    shared: BTreeSet<Address>,
}

impl Graph {
    pub fn add(&mut self, file: &'static str, address: Address, origin: &Span, body: Body) {
        self.elements.push(Element { address, file, body, origin: origin.clone() });
    }

    /// Adds a block that several spells share, unless it is there.
    pub fn add_once(&mut self, file: &'static str, address: Address, origin: &Span, body: Body) {
        if self.shared.insert(address.clone()) {
            self.add(file, address, origin, body);
        }
    }

    pub fn count_resources(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for element in &self.elements {
            if let Address::Resource(kind, _) = element.address {
                *counts.entry(kind).or_default() += 1;
            }
        }
        counts
    }

    /// Refuses two blocks of one address, references to nothing, and circles.
    pub fn check(&self, diagnostics: &mut Diagnostics) {
        let mut seen: BTreeMap<&Address, &Element> = BTreeMap::new();
        let mut clashes = BTreeSet::new();
        for element in &self.elements {
            let Some(first) = seen.insert(&element.address, element) else { continue };
            // One clash of names shows in several addresses: say it once.
            if !clashes.insert((first.origin.start, element.origin.start)) {
                continue;
            }
            diagnostics.push(
                Diagnostic::error(
                    element.origin.clone(),
                    format!("two parts of this stack would both be `{}`", element.address),
                )
                .label("this one")
                .related(first.origin.clone(), "and this one")
                .help("addresses are made from names, a hyphen becoming an underscore: rename one of them"),
            );
        }
        let edges: BTreeMap<&Address, Vec<&Address>> = self
            .elements
            .iter()
            .map(|element| {
                let mut references = Vec::new();
                element.body.references(&mut references);
                // A variable's validation speaks of the variable.
                references
                    .retain(|reference| !matches!(reference, Address::Variable(_)) || **reference != element.address);
                (&element.address, references)
            })
            .collect();
        for element in &self.elements {
            for reference in edges.get(&element.address).into_iter().flatten() {
                if !seen.contains_key(reference) {
                    diagnostics.push(internal(
                        element,
                        format!("`{}` refers to `{reference}`, which does not exist", element.address),
                    ));
                }
            }
        }
        self.check_circles(&edges, diagnostics);
    }

    /// Removes what refers to nothing that is left; what remains is a circle.
    fn check_circles(&self, edges: &BTreeMap<&Address, Vec<&Address>>, diagnostics: &mut Diagnostics) {
        let mut waiting: BTreeMap<&Address, usize> = BTreeMap::new();
        let mut referrers: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
        for (from, references) in edges {
            let distinct: BTreeSet<_> = references.iter().filter(|to| edges.contains_key(**to)).collect();
            waiting.insert(from, distinct.len());
            for to in distinct {
                referrers.entry(to).or_default().push(from);
            }
        }
        let mut ready: Vec<_> = waiting.iter().filter(|(_, count)| **count == 0).map(|(address, _)| *address).collect();
        while let Some(done) = ready.pop() {
            waiting.remove(done);
            for referrer in referrers.get(done).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(referrer) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(referrer);
                    }
                }
            }
        }
        if let Some(element) = self.elements.iter().find(|element| waiting.contains_key(&element.address)) {
            let message = format!("{} blocks depend on themselves, `{}` among them", waiting.len(), element.address);
            diagnostics.push(internal(element, message));
        }
    }
}

/// A mistake of ours, said as one.
fn internal(element: &Element, message: String) -> Diagnostic {
    Diagnostic::error(element.origin.clone(), message)
        .label("made for this")
        .help("this is a mistake in cloudspells, not in your spec: please report it with the spec")
}
