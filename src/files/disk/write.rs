//! Writes a module's files: each changes in one step or not at all, and what a
//! killed run left is removed.

use super::{Action, Comparison, Problem};
use crate::files::{MANIFEST, Manifest};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// How the name of a temporary file begins and ends; in between are [`RANDOM`]
/// letters and digits.
const PREFIX: &str = ".cloudspells-";
const SUFFIX: &str = ".tmp";
const RANDOM: usize = 6;

/// Keeps other runs out of a directory until it is dropped.
pub struct Lock(Option<fs::File>);

/// Creates the directory if there is none, and waits until no other run writes
/// to it. A file system without locks is written without one.
///
/// # Errors
///
/// Where the directory can't be made.
pub fn lock(directory: &Path) -> Result<Lock, Problem> {
    if fs::metadata(directory).is_ok_and(|found| !found.is_dir()) {
        return Err(Problem::WrongKind(directory.to_owned(), "a directory"));
    }
    fs::create_dir_all(directory).map_err(|error| Problem::Io(directory.to_owned(), "create the directory", error))?;
    Ok(hold(directory))
}

fn hold(directory: &Path) -> Lock {
    let opened = fs::File::open(directory).ok();
    Lock(opened.filter(|directory| directory.lock().is_ok()))
}

/// Removes what killed runs left in a directory. Whoever holds the lock is the
/// only one with temporary files in it; without a lock there may be others.
fn sweep(lock: &Lock, directory: &Path, is_listed: impl Fn(&OsStr) -> bool) {
    let Lock(Some(_)) = lock else { return };
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_temporary(&name) && !is_listed(&name) && is_file() {
            // A leftover that can't be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_temporary(name: &OsStr) -> bool {
    let middle = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    middle.is_some_and(|middle| middle.len() == RANDOM && middle.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Makes the directory what the comparison says. Every new file is on disk,
/// complete, before the first takes its place; until the last has, the
/// manifest knows both the old and the new, so that a run after a kill goes on.
///
/// # Errors
///
/// Where something can't be written; every file is then as it was or as it
/// should be.
pub fn write(comparison: &Comparison, directory: &Path, lock: &Lock) -> Result<(), Problem> {
    let places = comparison.changes.iter().map(|change| directory.join(&change.path));
    let places: BTreeSet<PathBuf> = places.collect();
    for folder in places.iter().filter_map(|place| place.parent()).collect::<BTreeSet<_>>() {
        sweep(lock, folder, |name| places.contains(&folder.join(name)));
    }
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
    // If nothing is replaced, both manifests are the same.
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

/// Writes files beside their final places, then syncs several at a time: by
/// then most of them have reached the disk, and only the first sync is slow.
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
    manifest.replaces = replaced.filter_map(|change| Some((change.path.clone(), change.old_digest.clone()?))).collect();
    manifest.render()
}

/// Writes a file beside the place that it is meant for; it is not synced yet.
fn stage(path: &Path, text: &str) -> Result<NamedTempFile, Problem> {
    let io = |error| Problem::Io(path.to_owned(), "write", error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(RANDOM);
    // What is replaced keeps its mode; what is new has that of any new file,
    // which is what the umask leaves.
    let replaced = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.permissions());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(replaced.clone().unwrap_or_else(|| fs::Permissions::from_mode(0o666)));
    }
    // tempfile's own message names the temporary file.
    let mut file = builder.tempfile_in(folder).map_err(|error| io(error.kind().into()))?;
    if let Some(permissions) = replaced {
        file.as_file().set_permissions(permissions).map_err(io)?;
    }
    file.write_all(text.as_bytes()).map_err(io)?;
    Ok(file)
}

fn persist(file: NamedTempFile, path: &Path) -> Result<(), Problem> {
    file.persist(path).map(drop).map_err(|error| Problem::Io(path.to_owned(), "write", error.error))
}

/// Creates a file, complete or not at all.
///
/// # Errors
///
/// Where something is in the way, or the place can't be written.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The lock keeps other runs from taking the temporary file for a leftover.
    let lock = hold(folder);
    sweep(&lock, folder, |_| false);
    match stage(&folder.join(path.file_name().unwrap_or_default()), text) {
        Ok(file) => {
            file.as_file().sync_all()?;
            file.persist_noclobber(path).map(drop).map_err(|error| error.error)
        }
        Err(Problem::Io(_, _, error)) => Err(error),
        Err(problem) => Err(io::Error::other(problem.to_string())),
    }
}
