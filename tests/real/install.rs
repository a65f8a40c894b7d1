//! `tests/tools/install.sh` and the provider that it is given: what is not the
//! real one is refused in a sentence, and nothing changes.

#![cfg(unix)]

use crate::common::home::{Home, Ran, ran};
use crate::common::tools::{cache, say, skip};
use crate::common::{cloudspells, root};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs install.sh with a provider, for a cache of its own.
fn install(home: &Home, provider: &Path) -> Ran {
    let mut command = Command::new("bash");
    command.arg(root().join("tests/tools/install.sh"));
    command.env("CLOUDSPELLS_TOOLS", home.path("tools")).env("CLOUDSPELLS_OCI_PROVIDER", provider);
    ran(&mut command)
}

fn assert_refused(home: &Home, provider: &Path, complaint: &str) {
    let before = listing(&home.path("tools"));
    let ran = install(home, provider);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.starts_with("install.sh: ") && ran.stderr.contains(complaint), "{complaint}: {ran:?}");
    assert!(ran.stderr.contains(&*provider.to_string_lossy()), "{ran:?}");
    assert_eq!(listing(&home.path("tools")), before, "{complaint}: something changed");
}

/// Every file with when it was written.
fn listing(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("a folder can be read").path();
        let written = path.metadata().and_then(|data| data.modified()).expect("a file can be looked at");
        found.extend(listing(&path));
        if path.is_file() {
            found.push((path, written));
        }
    }
    found.sort();
    found
}

/// Whether there is the Go that install.sh wants.
fn has_go(test: &str) -> bool {
    let asked = Command::new("go").args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local").current_dir("/").output();
    let version = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let minor = version.trim().strip_prefix("go1.").and_then(|rest| rest.split('.').next()?.parse().ok());
    let is_there = minor.is_some_and(|minor: u32| minor >= 26);
    if !is_there {
        say(&format!("skipped {test}: no Go 1.26"));
    }
    is_there
}

/// A Go program of a module, as a file of this name. No network is needed.
fn program(home: &Home, name: &str, module: &str, text: &str) -> PathBuf {
    let folder = home.path(&format!("{name}-source"));
    std::fs::create_dir(&folder).expect("a folder can be made");
    home.write(&format!("{name}-source/go.mod"), format!("module {module}\n\ngo 1.26\n"));
    home.write(
        &format!("{name}-source/main.go"),
        format!("package main\n\nimport \"fmt\"\n\nfunc main() {{ fmt.Println({text:?}) }}\n"),
    );
    let program = home.path(name);
    let built = Command::new("go").args(["build", "-o"]).arg(&program).arg(".").current_dir(&folder).output();
    let built = built.expect("go starts");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}

const MODULE: &str = "github.com/oracle/terraform-provider-oci";

#[test]
fn what_is_no_program_is_refused() {
    let home = Home::empty();
    assert_refused(&home, &home.path("missing"), "there is no file");
    assert_refused(&home, &root().join("tests"), "is not a file");
    home.write("text", "no program");
    assert_refused(&home, &home.path("text"), "is not executable");
    assert!(!home.path("tools").exists());
}

#[test]
fn another_program_or_version_is_refused() {
    if !has_go("programs that are not the real provider") {
        return;
    }
    let home = Home::empty();
    assert_refused(&home, Path::new(cloudspells().get_program()), "no program of Go's");
    let other = program(&home, "other", "example.com/terraform-provider-oci", "8.28.0");
    assert_refused(&home, &other, "it was built from example.com/terraform-provider-oci, not from");
    let old = program(&home, "old", MODULE, "8.27.0");
    assert_refused(&home, &old, "of another version: 8.28.0 is pinned");
    assert!(!home.path("tools").exists());
}

/// It says the right things of itself, and can't speak to OpenTofu.
#[test]
fn what_only_looks_like_the_provider_is_refused_and_the_one_in_use_stays() {
    let test = "a program that only looks like the real provider";
    if !cache().join("built/tofu").is_file() {
        skip(test, "no OpenTofu");
        return;
    }
    if !has_go(test) {
        return;
    }
    let home = Home::empty();
    std::fs::create_dir_all(home.path("tools/built")).expect("a folder can be made");
    for name in ["tofu", "tofu.key", "provider-local", "provider-local.key"] {
        std::os::unix::fs::symlink(cache().join("built").join(name), home.path("tools/built").join(name))
            .expect("a link can be made");
    }
    for folder in ["bin", "src"] {
        std::fs::create_dir(home.path("tools").join(folder)).expect("a folder can be made");
    }
    home.write("tools/oci-provider", "standin\n");
    let fake = program(&home, "fake", MODULE, "8.28.0");
    assert_refused(&home, &fake, "OpenTofu can't use");
    assert_eq!(home.read("tools/oci-provider"), "standin\n");
}
