//! A user's text where it is not plain: each output that has a syntax of its
//! own has its quoting here, and a type that says what is quoted. (HCL is not
//! here: it is built as structure.) Knows outputs; must never know what a text
//! is about.

pub mod markdown;
pub mod mermaid;
pub mod shell;
pub mod terminal;

pub use markdown::Markdown;
pub use mermaid::Mermaid;

use serde::{Serialize, Serializer};

/// A template of ours with each `{}` replaced by the next value.
fn fill<'a>(template: &'static str, values: impl IntoIterator<Item = &'a str>) -> String {
    let mut values = values.into_iter();
    let mut text = String::with_capacity(template.len() * 2);
    for (index, piece) in template.split("{}").enumerate() {
        if index > 0 {
            text.push_str(values.next().unwrap_or_default());
        }
        text.push_str(piece);
    }
    text
}

/// Quoted text for a template, which quotes all other.
fn as_quoted<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    minijinja::Value::from_safe_string(text.to_owned()).serialize(serializer)
}
