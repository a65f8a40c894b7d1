//! What `gen` prints: a summary, or what would change.

use cloudspells::Generated;
use cloudspells::Layout;
use cloudspells::files::disk::{Action, Comparison};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// What was asked for instead of writing.
#[derive(Clone, Copy)]
pub struct Mode {
    pub check: bool,
    pub diff: bool,
    pub dry_run: bool,
}

impl Mode {
    /// Whether a file that is not ours is a difference rather than an error.
    pub const fn only_compares(self) -> bool {
        self.check || self.diff
    }
}

/// Prints to standard output. A reader that went away is no error.
pub fn out(text: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(std::io::Error::other(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// A message without characters that a terminal would obey.
pub fn harmless(text: &str) -> String {
    text.split('\n').map(cloudspells::diagnostic::printable).collect::<Vec<_>>().join("\n")
}

/// A path as a shell takes it for one word and no option.
pub fn shell_word(path: &Path) -> String {
    let text = path.display().to_string();
    let text = if text.starts_with('-') { format!("./{text}") } else { text };
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | '~');
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The differences between a directory and what it should be.
pub fn differences(comparison: &Comparison, directory: &Path, mode: Mode) -> String {
    let mut text = String::new();
    for change in comparison.changes.iter().filter(|change| change.action != Action::Keep) {
        if mode.diff {
            text.push_str(&change.diff());
        } else {
            let path = directory.join(&change.path).display().to_string();
            let _ = writeln!(text, "{} {}", word(change.action), harmless(&path));
        }
    }
    for problem in &comparison.problems {
        let _ = writeln!(std::io::stderr(), "note: {}", harmless(&problem.to_string()));
    }
    if !comparison.differs() {
        let _ = writeln!(std::io::stderr(), "{} is what the spec says.", harmless(&directory.display().to_string()));
    }
    text
}

/// The files that may not be touched, as one error.
pub fn problems(comparison: &Comparison) -> String {
    let mut text = String::new();
    for (index, problem) in comparison.problems.iter().enumerate() {
        let separator = if index == 0 { "" } else { "\nerror: " };
        let _ = write!(text, "{separator}{problem}");
    }
    text + "\nNothing was written."
}

/// What was done, what there is, what to type next.
pub fn summary(generated: &Generated, comparison: &Comparison, directory: &Path, layout: Layout, mode: Mode) -> String {
    let mut text = String::new();
    let count = |action| comparison.changes.iter().filter(|change| change.action == action).count();
    let changed = comparison.changes.iter().filter(|change| change.action != Action::Keep);
    if mode.dry_run {
        for change in changed {
            let _ = writeln!(text, "{} {}", word(change.action), directory.join(&change.path).display());
        }
    }
    let written = count(Action::Create) + count(Action::Update);
    let (wrote, deleted) = if mode.dry_run { ("would write", "would delete") } else { ("wrote", "deleted") };
    let _ = write!(text, "{}: {wrote} {}", directory.display(), files(written));
    if count(Action::Delete) > 0 {
        let _ = write!(text, ", {deleted} {}", files(count(Action::Delete)));
    }
    let _ = writeln!(text, ", {} unchanged", count(Action::Keep));
    let total: usize = generated.resources.values().sum();
    let _ = writeln!(text, "{total} resources:");
    for (kind, number) in &generated.resources {
        let _ = writeln!(text, "{number:>6} {kind}");
    }
    let warnings = generated.warnings.iter().count();
    if warnings > 0 {
        let _ = writeln!(text, "{warnings} {}, above", if warnings == 1 { "warning" } else { "warnings" });
    }
    let shown = shell_word(directory);
    let _ = match layout {
        _ if mode.dry_run => writeln!(text, "\nNext: the same without --dry-run"),
        Layout::Root => writeln!(
            text,
            "\nNext:\n  cd {shown}\n  cp -n terraform.tfvars.example terraform.tfvars   # put your values in\n  tofu init && tofu plan"
        ),
        Layout::Module => {
            writeln!(text, "\nNext: call it from your root module; {} shows how", directory.join("README.md").display())
        }
    };
    text
}

fn files(count: usize) -> String {
    format!("{count} {}", if count == 1 { "file" } else { "files" })
}

const fn word(action: Action) -> &'static str {
    match action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::Keep => "keep",
    }
}
