//! The shell scripts of the goldens, judged by ShellCheck.

use crate::common::root;
use crate::common::tools::{cache, skip};
use std::path::PathBuf;
use std::process::Command;

fn shellcheck() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(cache().join("bin")).chain(std::env::split_paths(&path));
    folders.map(|folder| folder.join("shellcheck")).find(|program| program.is_file())
}

/// Every `golden/NAME/SCRIPT.sh`.
fn scripts() -> Vec<PathBuf> {
    let folders = std::fs::read_dir(root().join("golden")).expect("golden/ can be read");
    let folders = folders.map(|entry| entry.expect("golden/ can be read").path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).expect("a golden can be read"));
    let files = files.map(|entry| entry.expect("a golden can be read").path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "sh")).collect()
}

#[test]
fn scripts_of_goldens_pass_shellcheck() {
    let Some(shellcheck) = shellcheck() else {
        return skip("the scripts of the goldens", "no shellcheck");
    };
    let scripts = scripts();
    assert!(!scripts.is_empty(), "no golden has a script");
    let judge = |arguments: &[&std::ffi::OsStr]| Command::new(&shellcheck).args(arguments).output().expect("it starts");
    for script in &scripts {
        let output = judge(&[script.as_os_str()]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    // It does object to something.
    let bad = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(bad.path(), "#!/bin/bash\nrm -rf $1/*\n").expect("written");
    assert!(!judge(&[bad.path().as_os_str()]).status.success());
}
