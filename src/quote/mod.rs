//! Quotes a user's text for each output that has a syntax of its own, with a
//! type for text that is quoted. (HCL is not here: it is built as structure.)
//! Knows outputs; must never know what a text is about.

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

/// Marks text as quoted for a template, which quotes everything else.
fn as_quoted<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    minijinja::Value::from_safe_string(text.to_owned()).serialize(serializer)
}

/// Whether a character can make text read differently from what it is:
/// controls, those that change the writing direction, those that are not
/// seen at all.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || is_invisible(c)
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that are not seen and join nothing: Unicode's "default ignorable"
/// ones, but for joiners and variation selectors, which scripts and emoji need.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}')
        || matches!(c, '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}')
        || matches!(c, '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}')
        || matches!(c, '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}
