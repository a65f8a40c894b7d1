//! Text as a word of a POSIX shell's command.

use super::terminal::printable;

/// A file's name or path as a shell takes it for one word, and a program for
/// no option. What can't be shown becomes `?`.
pub fn word(path: &str) -> String {
    let path = printable(path);
    let path = if path.starts_with('-') { format!("./{path}") } else { path };
    // Only a NUL can't be quoted, and none is printable.
    shlex::try_quote(&path).map(std::borrow::Cow::into_owned).unwrap_or_default()
}
