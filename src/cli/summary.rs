//! What `gen` prints: a summary, or what would change.

use super::terminal::say;
use cloudspells::files::disk::{Action, Change, Comparison, Problem};
use cloudspells::quote::shell;
use cloudspells::quote::terminal::path as shown;
use cloudspells::replacement::{self, Loss, Replacement, Why};
use cloudspells::{Accepted, Generated, Layout};
use std::fmt::Write as _;
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

/// The differences between a directory and what it should be.
///
/// # Errors
///
/// Where a file can't be read for its diff.
pub fn differences(comparison: &Comparison, directory: &Path, mode: Mode) -> Result<String, Problem> {
    let mut text = String::new();
    for change in comparison.changes.iter().filter(|change| change.action != Action::Keep) {
        if mode.diff {
            text.push_str(&change.diff()?);
        } else {
            let _ = writeln!(text, "{} {}", word(change.action), shown(&directory.join(&change.path)));
        }
    }
    // One message, however many there are.
    let notes: Vec<_> = comparison.problems.iter().map(|problem| format!("note: {problem}")).collect();
    if !notes.is_empty() {
        say(&notes.join("\n"));
    }
    if !comparison.differs() {
        say(&format!("{} is what the spec says.", shown(directory)));
    }
    Ok(text)
}

/// What a change would destroy, and perhaps make again, a warning each.
///
/// # Errors
///
/// Where a file can't be read.
pub fn replacements(comparison: &Comparison) -> Result<Vec<String>, Problem> {
    if !comparison.changes.iter().any(|change| matches!(change.action, Action::Update | Action::Delete)) {
        return Ok(Vec::new());
    }
    let files = comparison.changes.iter().filter(|change| change.path.ends_with(".tf"));
    let texts: Vec<_> = files.map(Change::texts).collect::<Result<_, _>>()?;
    let (old, new) = (texts.iter().map(|(old, _)| old.as_str()), texts.iter().map(|(_, new)| *new));
    let lost = replacement::losses(old.clone(), new.clone());
    let replaced = replacement::replacements(old, new);
    Ok(replaced.iter().map(warning).chain(lost.iter().map(loss)).collect())
}

fn loss(Loss { address, why }: &Loss) -> String {
    match why {
        Why::Gone => format!(
            "warning: this destroys {address}, with what is on it\n  it is no longer in the spec; to keep it under another name, `tofu state mv` it before you apply"
        ),
        Why::Fewer(from, to) => {
            format!(
                "warning: this destroys {} of the {from} of {address}, the last ones, with what is on them",
                from - to
            )
        }
        Why::Image(from, to) => format!(
            "warning: this destroys the boot volume of {address}, with what is on it, and makes another\n  from image {from} to {to}"
        ),
        Why::Moved => format!(
            "warning: this may replace {address} and its volumes, with what is on them: an availability domain can't be changed in place"
        ),
    }
}

/// What stands in the module's files before they are written.
///
/// # Errors
///
/// Where a file can't be read.
pub fn old_texts(comparison: &Comparison) -> Result<Vec<String>, Problem> {
    let files = comparison.changes.iter().filter(|change| change.action == Action::Update);
    let files = files.filter(|change| change.path.ends_with(".tf"));
    files.map(|change| change.texts().map(|(old, _)| old)).collect()
}

fn warning(one: &Replacement) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
    if one.nodes_only {
        return format!(
            "warning: this destroys all nodes of {} and makes others: OKE moves no node to another subnet\n  from {} to {}\n  what runs on them is drained as the pool's eviction settings say",
            one.address,
            value(&one.from),
            value(&one.to)
        );
    }
    let mut text = format!("warning: this replaces {}: {} can't be changed in place", one.address, one.argument);
    let (from, to) = (value(&one.from), value(&one.to));
    // Whole blocks are in the diff.
    if !from.contains('\n') && !to.contains('\n') {
        let _ = write!(text, "\n  from {from} to {to}");
    }
    if !one.with.is_empty() {
        let _ = write!(text, "\n  destroyed and made again with it: {}", one.with.join(", "));
    }
    if one.address.starts_with("oci_containerengine_cluster.") {
        text.push_str("\n  whatever runs in the cluster is lost");
    }
    if one.address.starts_with("oci_autoscaling_auto_scaling_configuration.") {
        text.push_str("\n  the new one sets the pool to its `initial` size once");
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
pub fn summary(
    generated: &Accepted<Generated>,
    comparison: &Comparison,
    directory: &Path,
    layout: Layout,
    mode: Mode,
    proof: &str,
) -> String {
    let mut text = String::new();
    let count = |action| comparison.changes.iter().filter(|change| change.action == action).count();
    let changed = comparison.changes.iter().filter(|change| change.action != Action::Keep);
    if mode.dry_run {
        for change in changed {
            let _ = writeln!(text, "{} {}", word(change.action), shown(&directory.join(&change.path)));
        }
    }
    let written = count(Action::Create) + count(Action::Update);
    let (wrote, deleted) = if mode.dry_run { ("would write", "would delete") } else { ("wrote", "deleted") };
    let _ = write!(text, "{}: {wrote} {}", shown(directory), files(written));
    if count(Action::Delete) > 0 {
        let _ = write!(text, ", {deleted} {}", files(count(Action::Delete)));
    }
    let _ = writeln!(text, ", {} unchanged", count(Action::Keep));
    let total: usize = generated.value.resources.values().sum();
    let _ = writeln!(text, "{total} resources:");
    for (kind, number) in &generated.value.resources {
        let _ = writeln!(text, "{number:>6} {kind}");
    }
    let warnings = generated.warnings.iter().count();
    if warnings > 0 {
        let _ = writeln!(text, "{warnings} {}, above", if warnings == 1 { "warning" } else { "warnings" });
    }
    let _ = writeln!(text, "{proof}");
    let word = shell::word(&directory.to_string_lossy());
    let needed = generated.value.needed.iter().map(|file| directory.join(file)).filter(|file| !file.exists());
    let needed: Vec<_> = needed.map(|file| format!("write {}, which `cloud_init` reads", shown(&file))).collect();
    let _ = match layout {
        _ if mode.dry_run => writeln!(text, "\nNext: the same without --dry-run"),
        Layout::Root | Layout::WithoutProvider => writeln!(
            text,
            "\nNext:{}\n  cd {word}\n  cp -n terraform.tfvars.example terraform.tfvars   # put your values in\n  tofu init && tofu plan",
            needed.iter().map(|line| format!("\n  # {line}")).collect::<String>()
        ),
        Layout::Module => {
            let needed: String = needed.iter().map(|line| format!("{line}; ")).collect();
            let readme = shown(&directory.join("README.md"));
            writeln!(text, "\nNext: {needed}call it from your root module; {readme} shows how")
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
