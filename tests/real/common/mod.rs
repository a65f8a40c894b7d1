//! What the tests share that need the real tools.

mod balancers;
pub mod cloud;
pub mod compare;
pub mod life;
pub mod plan;
pub mod proofs;
pub mod reading;
#[path = "../../common/mod.rs"]
mod shared;
pub mod tools;
pub mod values;
mod workloads;

pub use shared::*;
use std::path::{Path, PathBuf};

/// The `.tf` files of a directory; none where there is no directory.
pub fn tf_files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    entries
        .map(|entry| entry.expect("a directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tf"))
        .collect()
}

/// Whether a golden or a change of that name is to be lived: with `ONLY=private`
/// those that have the word, or one of several between commas, in their name.
pub fn is_asked_for(name: &str) -> bool {
    std::env::var("ONLY").map_or(true, |words| words.split(',').any(|word| name.contains(word)))
}
