//! Compares files in memory with a directory, and writes them. The only
//! module that touches a disk. Touches no file that it can't prove to be ours
//! and unmodified; each file changes in one step or not at all.

mod problem;
mod read;
mod write;

pub use problem::Problem;
pub use write::{Lock, create, lock, write};

use super::{Files, MANIFEST, Manifest};
use crate::diagnostic::quoted;
use crate::layout::Layout;
use crate::quote::terminal::printable;
use read::{Found, find};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// The largest manifest that is read, in bytes: ours have a few thousand.
const LARGEST_MANIFEST: u64 = 1 << 20;

/// More than any generated file has, in bytes.
const LARGEST_GENERATED: u64 = 256 << 20;

/// The largest file on disk that a diff shows, in bytes.
const LARGEST_IN_DIFF: u64 = 64 << 20;

/// What a run does to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    Update,
    Delete,
    Keep,
}

/// One file of the module and what happens to it.
#[derive(Debug)]
pub struct Change {
    /// Relative to the module's directory.
    pub path: String,
    pub action: Action,
    /// What is there now.
    old: Option<Found>,
    /// Its digest, where it is replaced or deleted.
    old_digest: Option<String>,
    new: Arc<str>,
}

impl Change {
    /// What the file says now, and what it will; a side that is not there is
    /// empty.
    ///
    /// # Errors
    ///
    /// Where the file can't be read.
    pub fn texts(&self) -> Result<(String, &str), Problem> {
        let new = if self.action == Action::Delete { "" } else { &*self.new };
        let old = match &self.old {
            Some(_) if self.action == Action::Keep => new.to_owned(),
            Some(found) => {
                let content = found.read(LARGEST_IN_DIFF)?.unwrap_or_default();
                String::from_utf8_lossy(&content).into_owned()
            }
            None => String::new(),
        };
        Ok((old, new))
    }

    /// The change as a unified diff.
    ///
    /// # Errors
    ///
    /// Where the file can't be read.
    pub fn diff(&self) -> Result<String, Problem> {
        let path = printable(&self.path);
        let name =
            |prefix: &str, absent: bool| if absent { "/dev/null".to_owned() } else { format!("{prefix}/{path}") };
        let old = match &self.old {
            None => Vec::new(),
            Some(found) => match found.read(LARGEST_IN_DIFF)? {
                Some(old) => old,
                None => return Ok(format!("Files a/{path} and b/{path} differ: {} MiB\n", found.size >> 20)),
            },
        };
        let old = String::from_utf8_lossy(&old);
        Ok(similar::TextDiff::from_lines(old.as_ref(), self.new.as_ref())
            .unified_diff()
            .header(&name("a", self.action == Action::Create), &name("b", self.action == Action::Delete))
            .to_string())
    }
}

/// A directory, compared with what it should have.
#[derive(Debug)]
pub struct Comparison {
    pub changes: Vec<Change>,
    /// Files that may not be touched. If there is one, nothing is written.
    pub problems: Vec<Problem>,
    /// What the directory holds, if that is a module of another layout.
    pub other_layout: Option<Layout>,
    manifest: String,
}

impl Comparison {
    pub fn differs(&self) -> bool {
        !self.problems.is_empty() || self.changes.iter().any(|change| change.action != Action::Keep)
    }
}

/// Compares a directory, which need not exist, with the files that it should
/// have. Changes nothing.
///
/// # Errors
///
/// Where the directory or a file in it can't be read.
pub fn compare(files: &Files, directory: &Path) -> Result<Comparison, Problem> {
    if fs::metadata(directory).is_ok_and(|found| !found.is_dir()) {
        return Err(Problem::WrongKind(directory.to_owned(), "a directory"));
    }
    let mut problems = Vec::new();
    let before = match find(directory, MANIFEST)?.map(|found| found.read(LARGEST_MANIFEST)).transpose()? {
        None => None,
        Some(content) => {
            let content = content.ok_or_else(|| format!("it has more than {} MiB", LARGEST_MANIFEST >> 20));
            let parsed = content.and_then(|content| Manifest::parse(&String::from_utf8_lossy(&content)));
            parsed.map_err(|reason| problems.push(Problem::Manifest(directory.join(MANIFEST), reason))).ok()
        }
    };
    // Then nothing is known of the other files, and nothing is said of them.
    let unreadable = !problems.is_empty();
    let other_layout = before.as_ref().and_then(|manifest| Layout::named(&manifest.layout));
    let other_layout = other_layout.filter(|layout| *layout != files.layout);
    if let Some(before) = &before {
        problems.extend(forgotten(files, before, other_layout, directory));
    }
    let lists = |path: &str| before.as_ref().is_some_and(|manifest| manifest.lists(path));
    let mut changes = Vec::new();
    let mut manifest = String::new();
    let mut wanted = BTreeSet::new();
    for (path, new) in files.iter() {
        wanted.insert(path);
        if path == MANIFEST {
            manifest = new.to_string();
        }
        let old = match find(directory, path) {
            Ok(old) => old,
            Err(problem @ Problem::WrongKind(..)) => {
                problems.push(problem);
                continue;
            }
            Err(problem) => return Err(problem),
        };
        let mut old_digest = None;
        let action = match &old {
            None => Action::Create,
            Some(found) if found.holds(&new)? => Action::Keep,
            Some(_) if path == MANIFEST => Action::Update,
            // A file that no manifest lists need not be hashed.
            Some(_) if !lists(path) => {
                if !unreadable {
                    problems.push(Problem::NotOurs(directory.join(path)));
                }
                Action::Update
            }
            // Ours are never that large: it need not be read to the end.
            Some(found) if found.size() > LARGEST_GENERATED => {
                problems.push(Problem::Edited(directory.join(path)));
                Action::Update
            }
            Some(found) => {
                let digest = found.digest()?;
                if !before.as_ref().is_some_and(|manifest| manifest.wrote(path, &digest)) {
                    problems.push(Problem::Edited(directory.join(path)));
                }
                old_digest = Some(digest);
                Action::Update
            }
        };
        changes.push(Change { path: path.to_owned(), action, old, old_digest, new });
    }
    let stale = before.iter().flat_map(|manifest| manifest.files.keys().chain(manifest.replaces.keys()));
    for path in stale.filter(|path| !wanted.contains(path.as_str())).collect::<BTreeSet<_>>() {
        if !is_generated(path) {
            problems.push(Problem::Manifest(
                directory.join(MANIFEST),
                format!("it names {}, which cloudspells never writes", quoted(path)),
            ));
            continue;
        }
        match find(directory, path).and_then(|found| found.map(|found| Ok((found.digest()?, found))).transpose()) {
            Ok(None) => {}
            Ok(Some((digest, found))) => {
                if !before.as_ref().is_some_and(|manifest| manifest.wrote(path, &digest)) {
                    problems.push(Problem::Edited(directory.join(path)));
                }
                let (old, old_digest) = (Some(found), Some(digest));
                changes.push(Change { path: path.clone(), action: Action::Delete, old, old_digest, new: "".into() });
            }
            Err(problem) => problems.push(problem),
        }
    }
    Ok(Comparison { changes, problems, other_layout, manifest })
}

/// What this run was not told, and the one before was: a directory becomes no
/// other stack because a flag was forgotten.
fn forgotten(files: &Files, before: &Manifest, other_layout: Option<Layout>, directory: &Path) -> Option<Problem> {
    let directory = directory.to_owned();
    if let (Layout::Root, Some(layout)) = (files.layout, other_layout) {
        return Some(Problem::OtherLayout(directory, layout));
    }
    let names = before.spec.names();
    let mut overlays = names.iter().skip(1);
    let is_forgotten = match files.spec.as_slice() {
        [] => !names.is_empty(),
        now => overlays.any(|overlay| !now.contains(overlay)),
    };
    is_forgotten.then_some(Problem::OtherSpec(directory, names, files.spec.is_empty()))
}

/// Whether a path of a manifest is one that some version of ours may have
/// written. A forged manifest can name any other: a state, a lock file.
fn is_generated(path: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let in_tests = path.strip_prefix("tests/").and_then(|file| file.strip_suffix(".tftest.hcl"));
    matches!(path, "README.md" | "terraform.tfvars.example")
        || path.strip_suffix(".tf").is_some_and(is_word)
        || in_tests.is_some_and(is_word)
}
