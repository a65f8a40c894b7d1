//! The stack as blocks with addresses and references between them. Knows no
//! OCI and no layout.

mod ledger;

pub use ledger::Ledger;

use crate::diagnostic::Span;
use hcl_edit::expr::Expression;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Where a block can be referred to: `oci_core_vcn.lab`, `var.region`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    Resource(&'static str, String),
    Data(&'static str, String),
    Variable(String),
    /// One value of a `locals` block.
    Local(String),
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
            Self::Local(name) => vec!["local", name],
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
    /// `[count.index]`: of a resource with as many instances as this one.
    CountIndex,
    Splat,
}

/// The right-hand side of an attribute.
#[derive(Debug, Clone)]
pub enum Value {
    String(String),
    Number(u64),
    /// `-1`.
    Negative(u64),
    Bool(bool),
    /// On one line.
    List(Vec<Value>),
    /// One item a line.
    Lines(Vec<Value>),
    /// One item a line; `{}` if there are none.
    Object(Vec<(String, Value)>),
    /// The same on one line.
    Inline(Vec<(String, Value)>),
    Reference(Address, Vec<Step>),
    /// A bare name: of something that the surrounding block defines, such as
    /// the iterator of a `dynamic` block, or of a type.
    Name(Vec<&'static str>),
    Call(&'static str, Vec<Value>),
    /// The path of a file of the module: `"${path.module}/NAME"`.
    ModulePath(String),
    /// `a == b`.
    Equal(Box<Value>, Box<Value>),
    /// `[for name in values : value]`.
    Each(&'static str, Box<Value>, Box<Value>),
    /// `{ for name in values : key => value if condition }`, a part a line.
    Map(Box<Selection>),
    /// A bare name and steps into it, such as what a `for` binds.
    Within(&'static str, Vec<Step>),
    /// What the user wrote.
    Expression(Arc<Expression>),
}

/// What a map is made of, item by item.
#[derive(Debug, Clone)]
pub struct Selection {
    /// What each item is called in the other parts.
    pub name: &'static str,
    pub values: Value,
    pub key: Value,
    pub value: Value,
    /// Which items count.
    pub condition: Value,
}

impl Selection {
    pub const fn parts(&self) -> [&Value; 4] {
        [&self.values, &self.key, &self.value, &self.condition]
    }
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
            Self::Equal(left, right) | Self::Each(_, left, right) => {
                left.references(found);
                right.references(found);
            }
            Self::Object(items) | Self::Inline(items) => items.iter().for_each(|(_, item)| item.references(found)),
            Self::Map(selection) => selection.parts().into_iter().for_each(|part| part.references(found)),
            Self::String(_)
            | Self::Number(_)
            | Self::Negative(_)
            | Self::Bool(_)
            | Self::Name(_)
            | Self::Within(..)
            | Self::ModulePath(_)
            | Self::Expression(_) => {}
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
    /// A comment line above what follows it.
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

    /// Adds a block where there is one.
    #[must_use]
    pub fn optional_block(mut self, name: &'static str, body: Option<Self>) -> Self {
        self.0.extend(body.map(|body| Item::Block(name, Vec::new(), body)));
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

/// The blocks that the spells add. They are taken out after each spell, so that
/// a large stack is never in memory as a whole.
#[derive(Debug, Default)]
pub struct Graph {
    elements: Vec<Element>,
    shared: BTreeSet<Address>,
}

impl Graph {
    pub fn add(&mut self, file: &'static str, address: Address, origin: &Span, body: Body) {
        self.elements.push(Element { address, file, body, origin: origin.clone() });
    }

    /// Adds a block that several spells share, unless it is there or was
    /// taken before.
    pub fn add_once(&mut self, file: &'static str, address: Address, origin: &Span, body: Body) {
        if self.shared.insert(address.clone()) {
            self.add(file, address, origin, body);
        }
    }

    /// The blocks that were added since the last call.
    pub fn take(&mut self) -> impl Iterator<Item = Element> {
        self.elements.drain(..)
    }
}
