//! What the tests share that need no tools.

#[path = "../../common/mod.rs"]
mod shared;

use home::Home;
pub use shared::*;
use std::collections::BTreeMap;

impl Home {
    /// Every file, or those of a folder.
    pub fn files(&self, folder: &str) -> BTreeMap<String, String> {
        files_under(&self.path(folder))
    }

    /// Runs the program, which must end with an error, and gives the error.
    pub fn wrong(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{line}: {ran:?}");
        assert!(ran.stderr.contains("error: "), "{ran:?}");
        ran.stderr
    }
}
