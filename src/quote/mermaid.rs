//! Text in a mermaid flowchart.

use super::{as_quoted, fill, is_deceptive};
use crate::name::Name;
use serde::{Serialize, Serializer};

/// A part of a diagram in which every text of a user is a label in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mermaid(String);

impl Mermaid {
    /// A line of our own with a value for each `{}`.
    pub fn fill<const N: usize>(template: &'static str, values: [Self; N]) -> Self {
        Self(fill(template, values.iter().map(|value| value.0.as_str())))
    }

    /// A name as a part of an id.
    pub fn id(name: &Name) -> Self {
        Self(name.identifier())
    }

    /// The id of a node: the name of what it is a part of, and which part.
    pub fn node(name: &Name, part: &'static str) -> Self {
        Self(format!("{}_{part}", name.identifier()))
    }

    /// A text in quotes. Mermaid writes an entity as `#NUMBER;`; what it
    /// would take for HTML, for Markdown or for the end of the label is one.
    pub fn label(text: &str) -> Self {
        let mut quoted = String::from("\"");
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let (mut before, mut chars) = (None, text.chars().peekable());
        while let Some(c) = chars.next() {
            match c {
                // In the middle of a word it has no effect.
                '_' if is_word(before) && is_word(chars.peek().copied()) => quoted.push(c),
                '"' | '#' | '&' | ';' | '<' | '>' | '`' | '\\' | '*' | '_' | '~' | '$' | '[' | ']' | '{' | '}'
                | '%' => {
                    quoted.push_str(&format!("#{};", u32::from(c)));
                }
                _ if is_deceptive(c) => quoted.push('?'),
                _ => quoted.push(c),
            }
            before = Some(c);
        }
        quoted.push('"');
        Self(quoted)
    }
}

impl Serialize for Mermaid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_quoted(&self.0, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::Mermaid;
    use proptest::prelude::*;

    proptest! {
        /// What mermaid's lexer ends a label at, or takes for more than text,
        /// is not in it; the entities give the text back.
        #[test]
        fn a_label_is_one_token_and_gives_the_text_back(text in "([ -~]|\u{e9}|#quot;|&lt;|`\\*x\\*`|<b>|\\]\\]|%%|;){0,20}") {
            let Mermaid(label) = Mermaid::label(&text);
            let inner = label.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("no quotes");
            prop_assert!(!inner.contains(['"', '<', '>', '&', '`', '[', ']', '{', '}', '%', '\n', '\\']), "{}", inner);
            let mut read = String::new();
            let mut rest = inner;
            while let Some((before, after)) = rest.split_once('#') {
                read.push_str(before);
                let (number, after) = after.split_once(';').ok_or(TestCaseError::fail("an open entity"))?;
                read.extend(number.parse().ok().and_then(char::from_u32));
                rest = after;
            }
            prop_assert_eq!(read + rest, text);
        }
    }
}
