//! Spec text to one HCL body, overlays merged, with hcl-edit's parse errors turned into helpful
//! diagnostics.

use super::{bounds, overlay};
use crate::diagnostic::{Diagnostic, Diagnostics, Source, Span};
use crate::syntax::{self, Problem};
use hcl_edit::structure::Body;

/// Reads a source: its first text, with each further one laid over it. A text
/// that is not HCL ends the reading.
pub fn parse(source: &Source, diagnostics: &mut Diagnostics) -> Option<Body> {
    let text = &source.text;
    let too_much =
        bounds::check_size(text).or_else(|| bounds::check_parts(source)).or_else(|| bounds::check_items(text));
    if let Some(problem) = too_much {
        diagnostics.push(problem);
        return None;
    }
    let mut whole: Option<Body> = None;
    for (_, span) in source.parts() {
        let part = parse_part(text, &span, diagnostics)?;
        whole = Some(match whole {
            None => part,
            Some(below) => overlay::merge(below, part, diagnostics),
        });
    }
    match whole.as_ref().and_then(bounds::check_blocks) {
        None => whole,
        Some(problem) => {
            diagnostics.push(problem);
            None
        }
    }
}

fn parse_part(text: &str, span: &Span, diagnostics: &mut Diagnostics) -> Option<Body> {
    // The parser counts places from the beginning of what it is given: blanks
    // stand for what is before.
    let padded;
    let text = if span.start == 0 {
        text.get(..span.end).unwrap_or_default()
    } else {
        padded = " ".repeat(span.start) + text.get(span.clone()).unwrap_or_default();
        &padded
    };
    match syntax::parse(text) {
        Ok(body) => Some(body),
        Err(Problem::Syntax(error)) => {
            diagnostics.push(explain(text, error.location().offset(), error.message()));
            None
        }
        Err(Problem::Template(problems)) => {
            problems.into_iter().for_each(|problem| diagnostics.push(problem));
            None
        }
    }
}

/// Where the text is really wrong, why, and what to write.
fn explain(text: &str, at: usize, message: &str) -> Diagnostic {
    let rest = text.get(at..).unwrap_or_default();
    let found = rest.chars().next();
    // A line break can't be marked, so mark the end of its line.
    let end = at + found.filter(|c| *c != '\n' && *c != '\r').map_or(0, char::len_utf8);
    let invalid = |span: Span| Diagnostic::error(span, "this is not valid HCL");
    let line_start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default();

    if message.contains("redefined attribute") {
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect();
        return Diagnostic::error(at..at + name.len(), format!("`{name}` appears twice in this block"))
            .label("set before")
            .help("keep one of them");
    }
    if message.contains("nesting depth") || message.contains("operator") {
        return invalid(at..end)
            .label("nested too deeply here")
            .help("write it less deeply nested: 64 levels and 128 operators are read");
    }
    if let Some(quote) = open_quote(line) {
        let quote = line_start + quote;
        return invalid(quote..quote + 1)
            .label("this string is not closed on its line")
            .help("end it with `\"`; a `\"` inside of it is written `\\\"`, a line break `\\n`");
    }
    // Whatever was left open before this place is the cause, wherever the error
    // appears.
    let closes_another = (message == "expected `]`" && !matches!(found, Some('"'))) || message == "expected `)`";
    let open_here = message.contains("heredoc") || rest.starts_with("/*") || closes_another;
    let before = if closes_another { text.get(..at).unwrap_or_default() } else { text };
    if (open_here || rest.trim().is_empty())
        && let Some((open, mark)) = unclosed(before)
    {
        return invalid(open..open + mark.len())
            .label(format!("this `{mark}` is never closed"))
            .help(format!("close it with {}", closing(mark)));
    }
    let help = match found {
        _ if message.contains("invalid expression") && rest.trim().is_empty() => "a value is missing",
        Some('\'' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}') => {
            "strings stand in straight double quotes: \"lab\""
        }
        Some(':') => "HCL sets an attribute with `=`",
        Some('}' | ')' | ']') => {
            "nothing is open that this would close: remove it, or look for a bracket closed too early"
        }
        _ if message == "expected `{`" && line.contains("${") => "a name is written out: `${` can't stand in it",
        _ if message.ends_with("expected `}`, newline or identifier") && line.contains('=') => {
            "each attribute stands on a line of its own"
        }
        Some('"') if message.contains("`]`") => "put a `,` between the items",
        Some('\n' | '\r') if message == "expected `{`" => {
            "an attribute is written `name = value`, a block `name \"label\" {`"
        }
        Some('\n' | '\r') => "something is missing at the end of this line: a value, `{` or a closing bracket",
        Some('\u{feff}') => "the file begins with a byte order mark: save it as UTF-8 without one",
        _ if message.starts_with("expected `{`") => {
            "an attribute is written `name = value`, a block `name \"label\" {`"
        }
        _ => "check quotes, brackets and `=` here and on the line before",
    };
    let label = match message.strip_prefix("invalid expression; ") {
        Some(_) => "expected a value".to_owned(),
        None => message.replace("invalid structure; ", "").replace("invalid block body; ", ""),
    };
    invalid(at..end).label(label).help(help)
}

/// Where a string begins that its line does not end. Inside of a heredoc or a
/// comment quotes mean nothing, but there the parser does not stop either.
fn open_quote(line: &str) -> Option<usize> {
    let mut open = None;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match c {
            '"' if !escaped => open = if open.is_some() { None } else { Some(at) },
            '#' if open.is_none() => return None,
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    open
}

/// The last bracket, heredoc or comment that is opened and never closed.
fn unclosed(text: &str) -> Option<(usize, &'static str)> {
    let mut open: Vec<(usize, &'static str)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let mut step = rest.chars().next().map_or(1, char::len_utf8);
        if rest.starts_with('"') {
            // To the end of the string; an open one was noticed before.
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, c)| {
                let end = (*c == '"' && !escaped) || *c == '\n';
                escaped = *c == '\\' && !escaped;
                end
            });
            step = end.map_or(rest.len(), |(end, _)| end + 1);
        } else if rest.starts_with('#') || rest.starts_with("//") {
            step = rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            match rest.find("*/") {
                Some(end) => step = end + 2,
                None => return Some((at, "/*")),
            }
        } else if rest.starts_with("<<") {
            let name = rest.trim_start_matches(['<', '-']);
            let name = name.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            if !name.is_empty() {
                // What stands in a heredoc opens and closes nothing.
                match heredoc_length(rest, name) {
                    Some(length) => step = length,
                    None => return Some((at, "<<")),
                }
            }
        } else {
            match rest.chars().next() {
                Some('{') => open.push((at, "{")),
                Some('[') => open.push((at, "[")),
                Some('(') => open.push((at, "(")),
                Some('}' | ']' | ')') => drop(open.pop()),
                _ => {}
            }
        }
        at += step;
    }
    open.pop()
}

/// Bytes from `<<NAME` to the end of the line that closes it.
fn heredoc_length(text: &str, name: &str) -> Option<usize> {
    let mut length = 0;
    for line in text.split_inclusive('\n') {
        let first = length == 0;
        length += line.len();
        if !first && line.trim() == name {
            return Some(length);
        }
    }
    None
}

fn closing(mark: &str) -> &'static str {
    match mark {
        "{" => "`}`",
        "[" => "`]`",
        "(" => "`)`",
        "/*" => "`*/`",
        _ => "the heredoc's name on a line of its own",
    }
}
