//! Bounds on the size of a spec. Each is far beyond practical use, and keeps
//! the cost of a hostile spec close to that of a large one.

use crate::diagnostic::{Diagnostic, Source, Span};
use hcl_edit::Span as _;
use hcl_edit::structure::Body;

/// The largest spec that is read, in bytes: a thousand clusters with room.
pub const LARGEST: usize = 1024 * 1024;

/// Texts that make up a spec: the first, and those laid over it.
const FILES: usize = 16;

/// Blocks, nested ones included: a thousand clusters with their VCNs and
/// two node pools each.
pub const BLOCKS: usize = 4_000;

/// Attributes of a block, or items of an object. The parser compares each
/// with all before it.
const ITEMS: usize = 1_000;

/// Lists, calls, indices, references and their parts, interpolations and
/// directives, of the whole text: what the parser keeps a node for.
const PARTS: usize = 40_000;

/// Variables, each attribute or key that is read from one counted for itself.
pub const VARIABLES: usize = 5_000;

pub fn check_size(text: &str) -> Option<Diagnostic> {
    (text.len() > LARGEST).then(|| {
        Diagnostic::error(0..0, format!("the spec has {} bytes; at most {LARGEST} are read", text.len()))
            .help("a spec is a short text that names spells: is this the right file?")
    })
}

pub fn check_parts(source: &Source) -> Option<Diagnostic> {
    let (_, first_of_rest) = source.parts().nth(FILES)?;
    let count = source.parts().count();
    Some(
        Diagnostic::error(
            first_of_rest.start..first_of_rest.start,
            format!("{count} files make up this spec; at most {FILES} can"),
        )
        .help("write some of them into one"),
    )
}

/// Looks at the text before it is parsed: the parser is what would be slow.
pub fn check_items(text: &str) -> Option<Diagnostic> {
    Some(match crowded(text)? {
        Crowd::Items(span) => {
            Diagnostic::error(span, format!("more than {ITEMS} attributes or items stand between these braces"))
                .label("the braces begin here")
                .help(format!("a block or an object has at most {ITEMS}"))
        }
        Crowd::Parts(at) => {
            Diagnostic::error(at..at + 1, format!("the expressions of this spec have more than {PARTS} parts"))
                .label("the first over the limit")
                .help("hand long values on in variables of their own: var.NAME")
        }
    })
}

pub fn check_blocks(body: &Body) -> Option<Diagnostic> {
    let mut blocks = body.blocks().flat_map(|block| std::iter::once(block).chain(block.body.blocks()));
    let first_of_rest = blocks.nth(BLOCKS)?;
    let count = BLOCKS + 1 + blocks.count();
    Some(
        Diagnostic::error(
            first_of_rest.ident.span().unwrap_or_default(),
            format!("the spec has {count} blocks; at most {BLOCKS} are read"),
        )
        .label("the first one too many")
        .help("make several specs of it, each with a directory of its own"),
    )
}

/// What the scan is inside of.
enum Inside<'a> {
    /// Brackets of any kind, or the text as a whole.
    Code {
        start: usize,
        /// Whether what stands here has items: not in a list or in parentheses.
        has_items: bool,
        items: usize,
        /// Whether the item that is being read has been counted.
        counted: bool,
    },
    Quotes,
    /// Until a line that has only this name.
    Heredoc(&'a str),
}

/// What there is too much of.
#[derive(Debug, PartialEq, Eq)]
enum Crowd {
    /// With the brace that opens before them.
    Items(Span),
    /// With the place of the first that is too many.
    Parts(usize),
}

/// Where there is too much. Knows just enough HCL to recognise items and parts;
/// for text that is not HCL, it finds nothing, or something that is still true.
fn crowded(text: &str) -> Option<Crowd> {
    let code = |start, has_items| Inside::Code { start, has_items, items: 0, counted: false };
    let mut open = vec![code(0, true)];
    let mut at = 0;
    let mut parts = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        let mut step = first.len_utf8();
        let begins = |marks: &[&str]| marks.iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len());
        match open.last_mut() {
            Some(Inside::Code { start, has_items, items, counted }) => {
                if let Some(length) = skipped(rest) {
                    step = length;
                } else if let Some(name) = heredoc_name(rest) {
                    step = rest.find('\n').unwrap_or(rest.len());
                    open.push(Inside::Heredoc(name));
                } else if let Some(length) = begins(&["==", "=>", "!=", "<=", ">=", "::"]) {
                    step = length;
                } else {
                    parts += usize::from(matches!(first, '[' | '(' | ',' | '.'));
                    match first {
                        '"' => open.push(Inside::Quotes),
                        '{' | '[' | '(' => open.push(code(at, first == '{')),
                        '}' | ']' | ')' => drop(open.pop()),
                        ',' | '\n' => *counted = false,
                        '=' | ':' if *has_items && !*counted => {
                            *counted = true;
                            *items += 1;
                            if *items > ITEMS {
                                return Some(Crowd::Items(*start..*start + usize::from(*start > 0)));
                            }
                        }
                        _ => {}
                    }
                }
            }
            Some(inside) => {
                if let Some(length) = begins(&["$${", "%%{"]) {
                    step = length;
                } else if let Some(length) = begins(&["${", "%{"]) {
                    step = length;
                    parts += 1;
                    open.push(code(at, false));
                } else if let Inside::Heredoc(name) = inside {
                    let line = rest.strip_prefix('\n').map(|rest| rest.split('\n').next().unwrap_or_default());
                    if let Some(line) = line.filter(|line| line.trim() == *name) {
                        step += line.len();
                        open.pop();
                    }
                } else if first == '\\' {
                    step += rest.chars().nth(1).map_or(0, char::len_utf8);
                } else if first == '"' || first == '\n' {
                    open.pop();
                }
            }
            // More brackets are closed than were opened: the parser will report
            // it.
            None => return None,
        }
        if parts > PARTS {
            return Some(Crowd::Parts(at));
        }
        at += step;
    }
    None
}

/// Bytes of a comment that begins here.
fn skipped(rest: &str) -> Option<usize> {
    if rest.starts_with('#') || rest.starts_with("//") {
        Some(rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        Some(rest.find("*/").map_or(rest.len(), |end| end + 2))
    } else {
        None
    }
}

/// The name of a heredoc that begins here.
fn heredoc_name(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix("<<")?.trim_start_matches('-');
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{ a0 = 0, a1 = 1, ... }`, of so many items.
    fn object(items: usize) -> String {
        let items: Vec<_> = (0..items).map(|n| format!("a{n} = {n}")).collect();
        format!("{{ {} }}", items.join(", "))
    }

    #[test]
    fn an_object_of_too_many_items_is_found_wherever_it_stands() {
        let (fits, too_large) = (object(ITEMS), object(ITEMS + 1));
        for around in [
            "x = @",
            "vcn \"lab\" {\n  tags = @\n}",
            "x = [{}, @]",
            "x = f({ a = 1 }, @)",
            "x = \"a ${ merge(@) } b\"",
            "x = \"$${ ${ \"\\\"${ @ }\" }\"",
            "x = <<-END\n  a = b ${ @ }\n  END\n",
            "x = <<END\na\nEND\ny = @",
            "# {\n/* [ \" */ // \"\nx = @",
            "x = { a = @ }",
        ] {
            assert_eq!(crowded(&around.replace('@', &fits)), None, "{around}");
            let text = around.replace('@', &too_large);
            let brace = text.find(&too_large).unwrap_or_default();
            assert_eq!(crowded(&text), Some(Crowd::Items(brace..brace + 1)), "{around}");
        }
    }

    #[test]
    fn too_many_parts_are_found_whatever_they_are() {
        for part in ["${a}", "%{ if a }b%{ endif }"] {
            let text = format!("x = \"{}\"", part.repeat(PARTS + 1));
            assert!(matches!(crowded(&text), Some(Crowd::Parts(_))), "{part}");
        }
        for part in ["[0]", "[*]", ".a", "(b)"] {
            assert!(matches!(crowded(&format!("x = a{}", part.repeat(PARTS + 1))), Some(Crowd::Parts(_))), "{part}");
        }
        assert_eq!(crowded(&format!("x = max({})", "1,".repeat(PARTS / 2))), None);
    }

    #[test]
    fn what_only_looks_like_items_is_not_counted() {
        let many = |one: &str| one.repeat(ITEMS + 1);
        for text in [
            format!("x = \"{}\"", many("a = 1, ")),
            format!("x = <<END\n{}\nEND\n", many("a = 1\n")),
            format!("/* {} */", many("a = 1\n")),
            many("# a = 1\n"),
            format!("x = {{ a = [{}] }}", many("b ? c : d, ")),
            format!("x = {{ a = {}b }}", many("a == b ? c : d : ")),
            many("b {\n  a = 1\n}\n"),
        ] {
            assert_eq!(crowded(&text), None, "{}", text.chars().take(60).collect::<String>());
        }
    }
}
