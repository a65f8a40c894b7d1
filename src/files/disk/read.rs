//! Reads the files of a module's directory, in bounded memory.

use super::Problem;
use crate::files::Hash;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file on disk.
#[derive(Debug)]
pub struct Found {
    path: PathBuf,
    pub size: u64,
}

/// The file at a path, if there is one. Links are not followed inside of the
/// module's directory.
pub fn find(directory: &Path, relative: &str) -> Result<Option<Found>, Problem> {
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
        Ok(found) => Ok(Some(Found { path, size: found.len() })),
    }
}

impl Found {
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Whether it holds a text. A file of another size is not read.
    pub fn holds(&self, text: &str) -> Result<bool, Problem> {
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Ok(self.size == size && self.read(size)?.is_some_and(|content| content == text.as_bytes()))
    }

    /// Its content; `None` if it has more than `most` bytes.
    pub fn read(&self, most: u64) -> Result<Option<Vec<u8>>, Problem> {
        if self.size > most {
            return Ok(None);
        }
        let mut content = Vec::new();
        let read = |file: File| file.take(most.saturating_add(1)).read_to_end(&mut content);
        File::open(&self.path).and_then(read).map_err(|error| self.unread(error))?;
        Ok(u64::try_from(content.len()).is_ok_and(|size| size <= most).then_some(content))
    }

    /// The digest of its content, a piece at a time.
    pub fn digest(&self) -> Result<String, Problem> {
        const PIECE: usize = 1 << 16;
        let mut file = File::open(&self.path).map_err(|error| self.unread(error))?;
        let (mut hash, mut piece) = (Hash::default(), vec![0; PIECE]);
        loop {
            match file.read(&mut piece) {
                Ok(0) => return Ok(hash.finish()),
                Ok(count) => hash.update(piece.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.unread(error)),
            }
        }
    }

    fn unread(&self, error: io::Error) -> Problem {
        Problem::Io(self.path.clone(), "read", error)
    }
}
