//! Text as Markdown, in CommonMark and GitHub's dialect of it.

use super::shell;
use super::terminal::printable;
use super::{as_quoted, fill, is_deceptive};
use crate::name::Name;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, Value};
use serde::{Serialize, Serializer};
use std::fmt;

/// Markdown that shows every text of a user as it is. There is no other way
/// to make one from a `String` than to quote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown(String);

impl Markdown {
    /// Markdown of our own.
    pub fn ours(markdown: &'static str) -> Self {
        Self(markdown.to_owned())
    }

    /// Markdown of our own with a value for each `{}`.
    pub fn fill<const N: usize>(template: &'static str, values: [Self; N]) -> Self {
        Self(fill(template, values.iter().map(|value| value.0.as_str())))
    }

    /// A text that is shown as it is: in a paragraph after other words, or in
    /// a cell of a table. Entities are for what a backslash doesn't protect
    /// everywhere: a table is cut at `|` before anything is unescaped, and
    /// GitHub makes links of what looks like an address.
    pub fn text(text: &str) -> Self {
        let mut quoted = String::with_capacity(text.len());
        let mut before = None;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            match c {
                '<' => quoted.push_str("&lt;"),
                '>' => quoted.push_str("&gt;"),
                '&' => quoted.push_str("&amp;"),
                '|' | '@' => entity(c, &mut quoted),
                ':' if next == Some('/') => entity(c, &mut quoted),
                '.' if matches!(before, Some('w' | 'W')) => entity(c, &mut quoted),
                // Spaces at the ends would be dropped.
                ' ' if before.is_none() || next.is_none() => entity(c, &mut quoted),
                '\n' | '\t' => entity(c, &mut quoted),
                '\\' | '`' | '*' | '[' | ']' | '{' | '}' | '~' | '^' | '#' | '$' | '!' => quoted.extend(['\\', c]),
                // In the middle of a word it has no effect.
                '_' if !(is_word(before) && is_word(next)) => quoted.extend(['\\', c]),
                '-' | '+' | '=' if before.is_none() => quoted.extend(['\\', c]),
                _ if is_deceptive(c) => quoted.push('?'),
                _ => quoted.push(c),
            }
            before = Some(c);
        }
        Self(quoted)
    }

    /// A text as code on a line. What can't be shown becomes `?`.
    pub fn code(text: &str) -> Self {
        let text = printable(text);
        let fence = "`".repeat(longest_run(&text) + 1);
        let is_edge = |c: char| c == '`' || c == ' ';
        let space = if text.starts_with(is_edge) || text.ends_with(is_edge) { " " } else { "" };
        Self(format!("{fence}{space}{text}{space}{fence}"))
    }

    /// Text of several lines as a block of code, closed by a line of its own.
    pub fn block(language: &'static str, text: &str) -> Self {
        let fence = "`".repeat((longest_run(text) + 1).max(3));
        Self(format!("{fence}{language}\n{text}{fence}"))
    }

    /// A text as a word of a shell's command, in a block of code: on its line
    /// nothing ends the block.
    pub fn word(text: &str) -> Self {
        Self(shell::word(text))
    }

    /// A text inside of a comment.
    pub fn in_comment(text: &str) -> Self {
        Self(printable(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }

    /// A name as it stands in addresses: letters, digits and `_` after a
    /// letter, which are the same in text and in code.
    pub fn identifier(name: &Name) -> Self {
        Self(name.identifier())
    }

    /// A line of a table.
    pub fn row<const N: usize>(cells: [Self; N]) -> Self {
        // Only code has a `|` that is not quoted already.
        Self(format!("| {} |", cells.map(|cell| cell.0.replace('|', "\\|")).join(" | ")))
    }

    /// A template of ours. Whatever it writes that is not Markdown is quoted.
    fn render(template: &'static str, context: impl Serialize) -> Result<Self, Error> {
        let mut environment = Environment::new();
        let syntax =
            SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
        environment.set_syntax(syntax);
        environment.set_formatter(|output, _, value| match value.as_str() {
            Some(quoted) if value.is_safe() => output.write_str(quoted).map_err(Error::from),
            _ => output.write_str(&Self::text(&value.to_string()).0).map_err(Error::from),
        });
        environment.render_str(template, Value::from(Serde(context))).map(Self)
    }

    /// The same of a template that is part of the binary, which every golden
    /// renders. Should it fail all the same, the reader of the page is told.
    pub fn filled(template: &'static str, context: impl Serialize) -> Self {
        Self::render(template, context)
            .unwrap_or_else(|error| Self::text(&format!("cloudspells could not write this page: {error}")))
    }

    /// One after the other, with a text of ours between.
    pub fn join(all: impl IntoIterator<Item = Self>, separator: &'static str) -> Self {
        Self(all.into_iter().map(|one| one.0).collect::<Vec<_>>().join(separator))
    }
}

impl From<u64> for Markdown {
    fn from(number: u64) -> Self {
        Self(number.to_string())
    }
}

impl From<usize> for Markdown {
    fn from(number: usize) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Markdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        as_quoted(&self.0, serializer)
    }
}

fn entity(c: char, text: &mut String) {
    text.push_str(&format!("&#{};", u32::from(c)));
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Markdown;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    /// Text that Markdown is made of, and any other.
    fn text() -> impl Strategy<Value = String> {
        let mark = proptest::sample::select(
            "\\ ` `` ``` * ** _ __ ~ ~~ [ ] ( ) ![ ]( < > <b> <!-- --> & &lt; &#124; | || \\| $ $$ ^ # { } - + = : :// @ \
             www. http://a.b 1. \" ' ! \u{e9} a b"
                .split(' ')
                .collect::<Vec<_>>(),
        );
        let piece =
            prop_oneof![mark.prop_map(str::to_owned), Just(" ".to_owned()), Just("\n".to_owned()), "[ -~]{1,4}"];
        prop::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
    }

    /// Of a page, its text; every event that is neither text nor one of a
    /// paragraph or table is an error.
    fn shown(page: &str) -> Result<Vec<String>, String> {
        let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION | Options::ENABLE_OLD_FOOTNOTES);
        let mut cells = vec![String::new()];
        for event in Parser::new_ext(page, options) {
            match event {
                Event::Text(text) | Event::Code(text) => {
                    cells.iter_mut().last().into_iter().for_each(|c| c.push_str(&text))
                }
                Event::Start(Tag::TableCell) => cells.push(String::new()),
                Event::Start(Tag::Paragraph | Tag::Table(_) | Tag::TableHead | Tag::TableRow)
                | Event::End(
                    TagEnd::Paragraph | TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell,
                ) => {}
                other => return Err(format!("{other:?} in {page}")),
            }
        }
        Ok(cells)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn text_in_a_paragraph_and_in_a_table_is_shown_as_it_is(text in text()) {
            let quoted = Markdown::text(&text);
            prop_assert_eq!(shown(&format!("Before {quoted}")), Ok(vec![format!("Before {text}")]));
            prop_assert_eq!(shown(&format!("Before {quoted}, after.")), Ok(vec![format!("Before {text}, after.")]));
            let row = Markdown::row([quoted.clone(), quoted]);
            prop_assert_eq!(row.to_string().matches('|').count(), 3);
            let table = format!("| a | b |\n| --- | --- |\n{row}\n");
            prop_assert_eq!(shown(&table), Ok(vec![String::new(), "a".into(), "b".into(), text.clone(), text]));
        }

        #[test]
        fn code_is_shown_as_it_is(text in text()) {
            let line = text.replace('\n', "?");
            prop_assume!(!line.trim().is_empty());
            prop_assert_eq!(shown(&format!("Before {}.", Markdown::code(&text))), Ok(vec![format!("Before {line}.")]));
        }
    }
}
