//! Text as a word of a POSIX shell's command.

use super::terminal::printable;

/// A file's name or path, quoted so that a shell reads one word and a program
/// no option. What can't be shown becomes `?`.
pub fn word(path: &str) -> String {
    let path = printable(path);
    let path = if path.starts_with('-') { format!("./{path}") } else { path };
    // Only a NUL can't be quoted, and `printable` leaves none.
    shlex::try_quote(&path).map(std::borrow::Cow::into_owned).unwrap_or_default()
}
