//! The only way to standard output and standard error: whatever is printed has
//! no characters that a terminal would obey, but our own colours.

#![expect(clippy::disallowed_methods, reason = "the one module that writes to the terminal")]

use cloudspells::diagnostic::{Diagnostics, Source};
use cloudspells::quote::terminal::{harmless, message};
use std::io::{IsTerminal as _, Write as _};

/// Prints a result. A closed pipe is not an error.
pub fn out(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout();
    match stdout.write_all(harmless(text).as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(std::io::Error::other(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints a message beside the result, or instead of it.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", message(text));
}

/// Prints what is wrong with a spec, or worth a warning.
pub fn report(diagnostics: &Diagnostics, source: &Source) {
    let stderr = std::io::stderr();
    let coloured = stderr.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let _ = write!(std::io::stderr(), "{}", diagnostics.render(source, coloured));
}

/// Prints help to standard output, an error to standard error. What a user
/// typed may be nothing to print; then there are no colours either.
pub fn usage(error: &clap::Error) {
    let plain = error.to_string();
    let _ = match message(&plain) {
        shown if shown.trim_end() == plain.trim_end() => error.print(),
        shown => writeln!(std::io::stderr(), "{shown}"),
    };
}
