//! Escapes a text from the JSON, so that it is printed on one line and reads as
//! what it is. Must never know what it names.

use crate::quote::is_deceptive;

/// The text with line breaks, control characters and changes of the writing
/// direction as escapes. Different texts stay different.
pub fn text(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_deceptive(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_on_one_line_and_keeps_letters() {
        assert_eq!(super::text("a\nb\tc\u{202e}d\u{1b}é\"\\"), "a\\nb\\tc\\u{202e}d\\u{1b}é\"\\");
    }
}
