//! What the data sources of a stack answer in its generated tests.

use crate::graph::Value;

/// An item of a list that a data source gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mock {
    /// The data source.
    pub kind: &'static str,
    /// The attribute that holds the list.
    pub attribute: &'static str,
    pub item: MockItem,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MockItem {
    Text(String),
    /// OpenTofu requires every field of a mocked object.
    Object(Vec<(&'static str, MockField)>),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MockField {
    Text(String),
    Bool(bool),
    /// A list with nothing in it.
    List,
    /// A map with nothing in it.
    Map,
}

impl MockField {
    fn value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text),
            Self::Bool(flag) => Value::Bool(flag),
            Self::List => Value::List(Vec::new()),
            Self::Map => Value::Object(Vec::new()),
        }
    }
}

impl MockItem {
    pub fn value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text),
            Self::Object(fields) => {
                Value::Object(fields.into_iter().map(|(name, field)| (name.to_owned(), field.value())).collect())
            }
        }
    }
}
