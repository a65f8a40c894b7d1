//! The program as its user runs it, in a directory of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use tempfile::TempDir;

/// What a run printed, and its exit code.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
    Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The directory that a test runs the program in.
pub struct Home(TempDir);

impl Home {
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a directory can be made"))
    }

    /// With a `cloudspells.hcl`.
    pub fn with(spec: &str) -> Self {
        let home = Self::empty();
        home.write("cloudspells.hcl", spec);
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = super::cloudspells();
        command.args(arguments).current_dir(self.0.path());
        command
    }

    /// Runs the program with arguments that are separated by spaces.
    pub fn run(&self, line: &str) -> Ran {
        ran(&mut self.command(&line.split_whitespace().collect::<Vec<_>>()))
    }

    /// Runs the program, which must end well, and gives its standard output.
    pub fn fine(&self, line: &str) -> String {
        let ran = self.run(line);
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
        ran.stdout
    }
}
