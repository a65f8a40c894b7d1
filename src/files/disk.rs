//! Compares files in memory with a directory, and writes them. The only
//! module that touches a disk. Touches no file that it can't prove to be ours
//! and unmodified; each file changes in one step or not at all.

use super::{Files, MANIFEST, Manifest};
use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

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
    old: Vec<u8>,
    new: Arc<str>,
}

impl Change {
    /// The change as a unified diff.
    pub fn diff(&self) -> String {
        let name = |prefix: &str, absent: bool| {
            if absent { "/dev/null".to_owned() } else { format!("{prefix}/{}", self.path) }
        };
        let old = String::from_utf8_lossy(&self.old);
        similar::TextDiff::from_lines(old.as_ref(), self.new.as_ref())
            .unified_diff()
            .header(&name("a", self.action == Action::Create), &name("b", self.action == Action::Delete))
            .to_string()
    }
}

/// Why a directory can't be written.
#[derive(Debug)]
pub enum Problem {
    /// A file that no run of ours wrote.
    NotOurs(PathBuf),
    /// A file of ours that someone changed since.
    Edited(PathBuf),
    /// A link or directory where a file should be, or the other way round.
    WrongKind(PathBuf, &'static str),
    /// A module of another spec, and no spec was named.
    OtherSpec(PathBuf, String),
    /// A manifest that can't be understood.
    Manifest(PathBuf, String),
    Io(PathBuf, &'static str, io::Error),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs(path) => write!(
                f,
                "{} is in the way: cloudspells did not write it\n  help: move it to another name or directory, or choose another `--out`",
                path.display()
            ),
            Self::Edited(path) => write!(
                f,
                "{} was edited since cloudspells wrote it\n  help: move your changes into a file of your own and delete it, or restore it; `--diff` shows the difference",
                path.display()
            ),
            Self::WrongKind(path, wanted) => {
                write!(f, "{} is not {wanted}\n  help: move it away, or choose another `--out`", path.display())
            }
            Self::OtherSpec(path, spec) => write!(
                f,
                "{} was generated from {spec}, and no spec is named: the built-in default stack would replace it\n  help: name the spec with `-s {spec}`, or choose another `--out`",
                path.display()
            ),
            Self::Manifest(path, reason) => write!(
                f,
                "{} can't be understood: {reason}\n  help: restore it from version control; without it nothing proves which files cloudspells wrote",
                path.display()
            ),
            Self::Io(path, action, error) => write!(f, "cannot {action} {}: {error}", path.display()),
        }
    }
}

/// What a directory has, compared with what it should have.
#[derive(Debug)]
pub struct Comparison {
    pub changes: Vec<Change>,
    /// Files that may not be touched. With any of them, nothing is written.
    pub problems: Vec<Problem>,
    /// Whether the directory has a module of the other layout.
    pub other_layout: bool,
    manifest: String,
}

impl Comparison {
    pub fn differs(&self) -> bool {
        !self.problems.is_empty() || self.changes.iter().any(|change| change.action != Action::Keep)
    }
}

/// Keeps other runs out of a directory until it is dropped.
pub struct Lock(#[expect(dead_code, reason = "the lock lives as long as the file is open")] Option<fs::File>);

/// Makes the directory where there is none, and waits until no other run
/// writes to it. A file system without locks is written without one.
///
/// # Errors
///
/// Where the directory can't be made.
pub fn lock(directory: &Path) -> Result<Lock, Problem> {
    if fs::metadata(directory).is_ok_and(|found| !found.is_dir()) {
        return Err(Problem::WrongKind(directory.to_owned(), "a directory"));
    }
    fs::create_dir_all(directory).map_err(|error| Problem::Io(directory.to_owned(), "create the directory", error))?;
    let opened = fs::File::open(directory).ok();
    Ok(Lock(opened.filter(|directory| directory.lock().is_ok())))
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
    let before = match read_file(directory, MANIFEST) {
        Ok(None) => None,
        Ok(Some(bytes)) => match Manifest::parse(&String::from_utf8_lossy(&bytes)) {
            Ok(manifest) => Some(manifest),
            Err(reason) => {
                problems.push(Problem::Manifest(directory.join(MANIFEST), reason));
                None
            }
        },
        Err(problem) => return Err(problem),
    };
    if files.spec.is_none()
        && let Some(spec) = before.as_ref().and_then(|before| before.spec.as_ref())
    {
        problems.push(Problem::OtherSpec(directory.to_owned(), spec.clone()));
    }
    let ours = |path: &str, content: &[u8]| before.as_ref().is_some_and(|manifest| manifest.wrote(path, content));
    let known = |path: &str| before.as_ref().is_some_and(|manifest| manifest.files.contains_key(path));
    let mut changes = Vec::new();
    let mut manifest = String::new();
    let mut wanted = BTreeSet::new();
    for (path, text) in files.iter() {
        wanted.insert(path);
        if path == MANIFEST {
            manifest = text.to_string();
        }
        let old = match read_file(directory, path) {
            Ok(old) => old,
            Err(problem @ Problem::WrongKind(..)) => {
                problems.push(problem);
                continue;
            }
            Err(problem) => return Err(problem),
        };
        let action = match &old {
            None => Action::Create,
            Some(content) if content == text.as_bytes() => Action::Keep,
            Some(content) => {
                if path != MANIFEST && !ours(path, content) {
                    let at = directory.join(path);
                    problems.push(if known(path) { Problem::Edited(at) } else { Problem::NotOurs(at) });
                }
                Action::Update
            }
        };
        changes.push(Change { path: path.to_owned(), action, old: old.unwrap_or_default(), new: text });
    }
    let stale = before.iter().flat_map(|manifest| manifest.files.keys().chain(manifest.replaces.keys()));
    for path in stale.filter(|path| !wanted.contains(path.as_str())).collect::<BTreeSet<_>>() {
        if !is_plain(path) {
            problems.push(Problem::Manifest(
                directory.join(MANIFEST),
                format!("it names a path outside of the directory, {path:?}"),
            ));
            continue;
        }
        match read_file(directory, path) {
            Ok(None) => {}
            Ok(Some(content)) => {
                if !ours(path, &content) {
                    problems.push(Problem::Edited(directory.join(path)));
                }
                let path = path.clone();
                changes.push(Change { path, action: Action::Delete, old: content, new: "".into() });
            }
            Err(problem) => problems.push(problem),
        }
    }
    let other_layout = before.is_some_and(|manifest| manifest.layout != files.layout.word());
    Ok(Comparison { changes, problems, other_layout, manifest })
}

/// Whether a path of a manifest stays inside the module's directory.
fn is_plain(path: &str) -> bool {
    Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

/// A file's content; none where there is no such file. Links are not followed
/// inside the module's directory.
fn read_file(directory: &Path, relative: &str) -> Result<Option<Vec<u8>>, Problem> {
    let path = directory.join(relative);
    for parent in Path::new(relative).ancestors().skip(1).filter(|parent| !parent.as_os_str().is_empty()) {
        let parent = directory.join(parent);
        if fs::symlink_metadata(&parent).is_ok_and(|found| !found.is_dir()) {
            return Err(Problem::WrongKind(parent, "a directory"));
        }
    }
    match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::Io(path, "read", error)),
        Ok(found) if !found.is_file() => Err(Problem::WrongKind(path, "a regular file")),
        Ok(_) => fs::read(&path).map(Some).map_err(|error| Problem::Io(path, "read", error)),
    }
}

/// Makes the directory what the comparison says. Every new file is on disk,
/// complete, before the first takes its place; until the last has, the
/// manifest knows both the old and the new, so that a run after a kill goes on.
///
/// # Errors
///
/// Where something can't be written; every file is then as it was or as it
/// should be.
pub fn write(comparison: &Comparison, directory: &Path) -> Result<(), Problem> {
    if !comparison.differs() {
        return Ok(());
    }
    let changed =
        |action| comparison.changes.iter().filter(move |change| change.action == action && change.path != MANIFEST);
    let written: Vec<_> = changed(Action::Create).chain(changed(Action::Update)).collect();
    let folders: BTreeSet<PathBuf> = written
        .iter()
        .filter_map(|change| directory.join(&change.path).parent().map(Path::to_owned))
        .chain([directory.to_owned()])
        .collect();
    for folder in &folders {
        fs::create_dir_all(folder).map_err(|error| Problem::Io(folder.clone(), "create the directory", error))?;
    }
    let manifest = directory.join(MANIFEST);
    let both = both_manifests(comparison);
    let texts = written.iter().map(|change| (directory.join(&change.path), change.new.as_ref()));
    let mut texts: Vec<_> = texts.collect();
    texts.insert(0, (manifest.clone(), &both));
    // Where nothing is replaced the two manifests are one.
    let replaces = both != comparison.manifest;
    if replaces {
        texts.push((manifest.clone(), &comparison.manifest));
    }
    let mut staged = stage_all(&texts)?;
    let last = if replaces { staged.pop() } else { None };
    for (file, (path, _)) in staged.into_iter().zip(&texts) {
        persist(file, path)?;
    }
    for change in changed(Action::Delete) {
        let path = directory.join(&change.path);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Problem::Io(path, "delete", error)),
            _ => {}
        }
    }
    if let Some(last) = last {
        persist(last, &manifest)?;
    }
    for folder in &folders {
        // Not every file system syncs a directory; the files are synced.
        let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(())
}

/// Writes files beside their places, then syncs them, several at a time: once
/// all are written, the disk has most of them for the price of the first.
fn stage_all(texts: &[(PathBuf, &str)]) -> Result<Vec<NamedTempFile>, Problem> {
    const SYNCING: usize = 4;
    let files = texts.iter().map(|(path, text)| stage(path, text)).collect::<Result<Vec<_>, _>>()?;
    let stopped = |error| Problem::Io(PathBuf::from(MANIFEST), "sync the files beside", error);
    let sync_some = |files: &[NamedTempFile]| files.iter().try_for_each(|file| file.as_file().sync_all());
    std::thread::scope(|scope| {
        let workers: Vec<_> = files
            .chunks(files.len().div_ceil(SYNCING).max(1))
            .map(|some| std::thread::Builder::new().spawn_scoped(scope, || sync_some(some)))
            .collect();
        for worker in workers {
            let joined = worker.map_err(stopped)?.join();
            joined.unwrap_or_else(|_| Err(io::Error::other("a worker stopped"))).map_err(stopped)?;
        }
        Ok(())
    })?;
    Ok(files)
}

/// The new manifest, with the digests of what it replaces.
fn both_manifests(comparison: &Comparison) -> String {
    let Ok(mut manifest) = Manifest::parse(&comparison.manifest) else {
        return comparison.manifest.clone();
    };
    let replaced = comparison
        .changes
        .iter()
        .filter(|change| matches!(change.action, Action::Update | Action::Delete) && change.path != MANIFEST);
    manifest.replaces = replaced.map(|change| (change.path.clone(), super::digest(&change.old))).collect();
    manifest.render()
}

/// Writes a file beside the place that it is meant for; it is not synced yet.
fn stage(path: &Path, text: &str) -> Result<NamedTempFile, Problem> {
    let io = |error| Problem::Io(path.to_owned(), "write", error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cloudspells-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any new file: what the umask leaves.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    // tempfile's own message names the temporary file.
    let mut file = builder.tempfile_in(folder).map_err(|error| io(error.kind().into()))?;
    file.write_all(text.as_bytes()).map_err(io)?;
    Ok(file)
}

fn persist(file: NamedTempFile, path: &Path) -> Result<(), Problem> {
    file.persist(path).map(drop).map_err(|error| Problem::Io(path.to_owned(), "write", error.error))
}

/// Writes a file where there is none, whole or not at all.
///
/// # Errors
///
/// Where something is in the way, or the place can't be written.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match stage(&folder.join(path.file_name().unwrap_or_default()), text) {
        Ok(file) => {
            file.as_file().sync_all()?;
            file.persist_noclobber(path).map(drop).map_err(|error| error.error)
        }
        Err(Problem::Io(_, _, error)) => Err(error),
        Err(problem) => Err(io::Error::other(problem.to_string())),
    }
}
