//! Diagnostics: what is wrong with a spec, and how it is shown. Knows byte
//! ranges of a source text; must never know what the text is about.

use crate::quote::is_deceptive;
use crate::quote::terminal::{message, printable};
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

/// A byte range in the text of a [`Source`]: of all its files, one after the
/// other, so that a place is one range whichever file it is in.
pub type Span = Range<usize>;

/// A spec's text, and where it comes from: a file, and those laid over it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where the first text comes from.
    pub origin: Origin,
    /// Every text, a line break between two.
    pub text: String,
    /// Where each further text comes from, and where it begins.
    overlays: Vec<(Origin, usize)>,
}

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file, by its path as the user typed it.
    File(String),
    StandardInput,
    /// The default stack.
    BuiltIn,
}

impl Source {
    pub fn new(origin: Origin, text: impl Into<String>) -> Self {
        Self { origin, text: text.into(), overlays: Vec::new() }
    }

    pub fn file(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(Origin::File(path.into()), text)
    }

    /// The same with another text laid over it.
    #[must_use]
    pub fn overlaid(mut self, origin: Origin, text: &str) -> Self {
        self.text.push('\n');
        self.overlays.push((origin, self.text.len()));
        self.text.push_str(text);
        self
    }

    /// Where each text comes from, the first one's origin first.
    pub fn origins(&self) -> impl Iterator<Item = &Origin> {
        std::iter::once(&self.origin).chain(self.overlays.iter().map(|(origin, _)| origin))
    }

    /// Where each text comes from and which part of the whole it is.
    pub fn parts(&self) -> impl Iterator<Item = (&Origin, Span)> {
        let starts = std::iter::once(0).chain(self.overlays.iter().map(|(_, start)| *start));
        let ends = self.overlays.iter().map(|(_, start)| start - 1).chain([self.text.len()]);
        self.origins().zip(starts.zip(ends).map(|(start, end)| start..end))
    }
}

impl Origin {
    /// How it is named in front of a position in messages.
    pub fn shown(&self) -> String {
        match self {
            Self::File(path) => printable(path),
            Self::StandardInput => "<stdin>".to_owned(),
            Self::BuiltIn => "<default>".to_owned(),
        }
    }
}

/// A value and the place in the spec where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

impl<T> At<T> {
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Whether a [`Diagnostic`] stops the generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Error,
    Warning,
}

/// One problem: what is wrong, where, why, and what to write instead.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    pub severity: Severity,
    /// The problem in one sentence, in the user's words.
    pub message: String,
    pub span: Span,
    /// What to read under the marked text; may be empty.
    pub label: String,
    /// Other places that explain the problem.
    pub related: Vec<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(span: Span, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    pub fn warning(span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(span, message) }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn render(&self, texts: &[Shown<'_>], renderer: &Renderer) -> String {
        let places: Vec<_> = std::iter::once((&self.span, self.label.as_str()))
            .chain(self.related.iter().take(MOST_RELATED).map(|(span, label)| (span, label.as_str())))
            .collect();
        let place_of = |span: &Span| texts.iter().rposition(|text| text.span.start <= span.start).unwrap_or(0);
        let first = place_of(&self.span);
        // The text that the problem is in comes first.
        let order = std::iter::once(first).chain((0..texts.len()).filter(|index| *index != first));
        let snippets = order.filter_map(|index| {
            let text = texts.get(index)?;
            let marked: Vec<_> = places.iter().enumerate().filter(|(_, (span, _))| place_of(span) == index).collect();
            let annotations = marked.iter().map(|(number, (span, label))| {
                let kind = if *number == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
                let annotation = kind.span(within(&text.text, span, text.span.start));
                if label.is_empty() { annotation } else { annotation.label(message(label)) }
            });
            let snippet = Snippet::source(text.text.as_str()).path(text.name).annotations(annotations);
            (!marked.is_empty()).then_some(snippet)
        });
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = level.primary_title(message(&self.message)).elements(snippets);
        if let Some(more) = self.related.len().checked_sub(MOST_RELATED).filter(|more| *more > 0) {
            group = group.element(Level::NOTE.message(format!("and {more} more places")));
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(message(help)));
        }
        renderer.render(&[group])
    }
}

/// One text of a source as it is shown.
struct Shown<'a> {
    name: &'a str,
    /// Made safe without a change of its length.
    text: String,
    /// Which part of the whole it is.
    span: Span,
}

/// Everything found in one run, in the order of the spec's text.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics(Vec<Diagnostic>);

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl Diagnostics {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub fn has_errors(&self) -> bool {
        self.iter().any(|d| d.severity == Severity::Error)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// The report for a person: every problem under its source line.
    pub fn render(&self, source: &Source, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let mut sorted: Vec<_> = self.0.iter().collect();
        sorted.sort_by_key(|d| (d.severity == Severity::Warning, d.span.start, d.span.end));
        let names: Vec<_> = source.origins().map(|origin| message(&origin.shown()).to_string()).collect();
        let texts: Vec<_> = source
            .parts()
            .zip(&names)
            .map(|((_, span), name)| Shown {
                name,
                text: showable(source.text.get(span.clone()).unwrap_or_default()),
                span,
            })
            .collect();
        let mut report = String::new();
        for diagnostic in sorted.iter().take(MOST_SHOWN) {
            let _ = writeln!(report, "{}\n", diagnostic.render(&texts, &renderer));
        }
        if let Some(more) = sorted.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
            let _ = writeln!(report, "and {more} more problems like these; fix the first ones and run again\n");
        }
        report
    }
}

/// The most problems that are shown in one run; a text with more is hardly a
/// spec.
const MOST_SHOWN: usize = 50;

/// The most related places that are shown for one problem.
const MOST_RELATED: usize = 20;

/// The most names that are searched for a suggestion.
const MOST_CONSIDERED: usize = 1_000;

/// The most names that are listed in one sentence.
const MOST_LISTED: usize = 12;

/// The text with each deceptive character replaced by one of the same length in
/// bytes, so that spans stay valid.
fn showable(text: &str) -> String {
    text.chars()
        .map(|c| match (c, c.len_utf8()) {
            ('\n' | '\t', _) => c,
            ('\r', _) => ' ',
            _ if !is_deceptive(c) => c,
            (_, 1) => '?',
            (_, 2) => '¿',
            (_, 3) => '\u{fffd}',
            _ => '\u{1f6c7}',
        })
        .collect()
}

/// A user's text in quotes for a message: escaped so that it can't disturb a
/// terminal, and cut so that it can't bury the message.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).flat_map(char::escape_debug).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

/// The most similar of some names, if it is similar enough to be a suggestion.
pub fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .take(MOST_CONSIDERED)
        .map(|name| (strsim::jaro_winkler(wrong, name), name))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}

/// Names as prose: `a`, `b` and `c`. Of many names only the first twelve are
/// listed.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str, IntoIter: ExactSizeIterator>) -> String {
    let names = names.into_iter();
    let more = names.len().saturating_sub(MOST_LISTED);
    let mut shown: Vec<_> = names.take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    match shown.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A place in a text that `begins` somewhere in the whole. Keeps it inside the
/// text and on character boundaries, so that drawing it can't fail whatever made
/// it.
fn within(text: &str, span: &Span, begins: usize) -> Span {
    let floor = |at: usize| {
        let mut at = at.saturating_sub(begins).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    start..floor(span.end).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Names that count how many of them were looked at.
    fn counted<'a>(names: &'a [String], looked_at: &'a Cell<usize>) -> impl ExactSizeIterator<Item = &'a str> {
        names.iter().map(|name| {
            looked_at.set(looked_at.get() + 1);
            name.as_str()
        })
    }

    #[test]
    fn of_very_many_names_not_all_are_looked_at() {
        let names: Vec<_> = (0..100_000).map(|n| format!("net{n}")).collect();
        let looked_at = Cell::new(0);
        assert_eq!(nearest("net-7", counted(&names, &looked_at)), Some("net7"));
        assert!(looked_at.get() <= MOST_CONSIDERED, "{} for a suggestion", looked_at.get());
        looked_at.set(0);
        assert!(listed(counted(&names, &looked_at)).ends_with("`net11` and 99988 more"));
        assert!(looked_at.get() <= MOST_LISTED, "{} for a list", looked_at.get());
    }
}
