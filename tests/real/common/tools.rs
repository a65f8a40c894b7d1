//! The real tools: where they are, and how they are run.

use super::root;
pub use super::say;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// OpenTofu or Terraform, with a CLI configuration that knows our providers.
pub struct Tool {
    pub name: &'static str,
    program: PathBuf,
    configuration: tempfile::NamedTempFile,
}

/// The tools of this machine: OpenTofu from `tests/tools/install.sh`, and
/// Terraform where there is one. None, said aloud, where OpenTofu is missing;
/// with `CLOUDSPELLS_E2E=require` that fails the test.
pub fn tools(test: &str) -> Vec<Tool> {
    let cache = cache();
    let tofu = cache.join("bin/tofu");
    if !tofu.is_file() {
        skip(test, "no OpenTofu");
        return Vec::new();
    }
    say(&format!("{test}: judged by {}", provider(&cache)));
    let terraform = std::env::var_os("PATH")
        .and_then(|path| std::env::split_paths(&path).map(|folder| folder.join("terraform")).find(|p| p.is_file()));
    [("tofu", Some(tofu)), ("terraform", terraform)]
        .into_iter()
        .filter_map(|(name, program)| Some(Tool { name, program: program?, configuration: configuration(&cache) }))
        .collect()
}

/// Says aloud that a test is skipped for want of something that install.sh
/// makes; a failure where the tools are required.
pub fn skip(test: &str, why: &str) {
    let required = std::env::var("CLOUDSPELLS_E2E").is_ok_and(|value| value == "require");
    assert!(!required, "CLOUDSPELLS_E2E=require, but there is {why}: run tests/tools/install.sh");
    say(&format!("skipped {test}: {why}; tests/tools/install.sh makes it"));
}

/// Which oracle/oci provider judges.
fn provider(cache: &Path) -> &'static str {
    match std::fs::read_to_string(cache.join("oci-provider")).unwrap_or_default().trim() {
        "real" => "the real oracle/oci provider",
        _ => "our stand-in for oracle/oci, NOT Oracle's provider",
    }
}

/// Where `tests/tools/install.sh` puts what it builds.
pub fn cache() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    variable("CLOUDSPELLS_TOOLS").unwrap_or_else(|| {
        variable("XDG_CACHE_HOME")
            .or_else(|| Some(variable("HOME")?.join(".cache")))
            .unwrap_or_else(|| root().join("target"))
            .join("cloudspells/tools")
    })
}

fn configuration(cache: &Path) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let mirror = cache.join("mirror");
    let text = format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path    = {mirror:?}\n    include = [\"*/*/*\"]\n  }}\n}}\n"
    );
    file.write_all(text.as_bytes()).expect("a temporary file can be written");
    file
}

impl Tool {
    /// The tool in a directory, ready to be run.
    pub fn command(&self, directory: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(directory)
            .env("TF_CLI_CONFIG_FILE", self.configuration.path())
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env_remove("TF_DATA_DIR")
            .env_remove("TF_PLUGIN_CACHE_DIR");
        command
    }

    /// Runs the tool in a directory.
    pub fn run(&self, directory: &Path, arguments: &[&str]) -> Output {
        self.command(directory, arguments)
            .output()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.name))
    }

    /// Runs the tool, which must succeed; gives its standard output.
    pub fn succeeds(&self, directory: &Path, arguments: &[&str]) -> String {
        let output = self.run(directory, arguments);
        let said = said(&output);
        assert!(
            output.status.success(),
            "{} {} failed in {}:\n{said}",
            self.name,
            arguments.join(" "),
            directory.display()
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// All that a tool said.
pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
