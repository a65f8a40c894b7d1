//! Text for a terminal: without control sequences, and short enough to be read.

use super::is_deceptive;
use std::path::Path;

/// The most characters of a line of a message. Our longest, a list of names, is
/// shorter.
const LONGEST_LINE: usize = 1000;

/// The most lines of a message.
const MOST_LINES: usize = 100;

/// A text on one line: control and direction characters become `?`.
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if is_deceptive(c) { '?' } else { c }).collect()
}

/// A text of several lines without characters that control a terminal.
pub fn harmless(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut shown = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let is_line_end = c == '\n' || (c == '\r' && chars.peek() == Some(&'\n'));
        shown.push(if is_line_end || c == '\t' || !is_deceptive(c) { c } else { '?' });
    }
    shown
}

/// A message, harmless and bounded: the middle of a long line, and the last of
/// many lines, are left out. All messages about input go through here, so that
/// none has to bound what it quotes.
pub fn message(text: &str) -> String {
    let text = harmless(text);
    let count = text.lines().count();
    let mut lines: Vec<_> = text.lines().take(MOST_LINES).map(shortened).collect();
    if count > MOST_LINES {
        lines.push(format!("... and {} more lines", count - MOST_LINES));
    }
    lines.join("\n")
}

fn shortened(line: &str) -> String {
    let length = line.chars().count();
    if length <= LONGEST_LINE {
        return line.to_owned();
    }
    let half = LONGEST_LINE / 2;
    let begin = line.chars().take(half);
    begin.chain(" … ".chars()).chain(line.chars().skip(length - half)).collect()
}

/// A path in a message or a list: on one line.
#[expect(clippy::disallowed_methods, reason = "the one place that shows a path")]
pub fn path(path: &Path) -> String {
    printable(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{harmless, message};

    #[test]
    fn keeps_lines_and_tabs_and_nothing_that_is_obeyed() {
        assert_eq!(harmless("a\tb\r\nc\rd\u{1b}[m\u{9b}\u{202e}\n"), "a\tb\r\nc?d?[m??\n");
    }

    #[test]
    fn keeps_both_ends_of_a_long_line() {
        let short = message(&format!("begin {} end", "x".repeat(5000)));
        assert!(short.starts_with("begin x") && short.ends_with("x end") && short.chars().count() == 1003, "{short}");
        assert_eq!(message(&"x\n".repeat(5000)).lines().count(), 101);
    }
}
