//! What `gen` finds in a directory costs it no more than it must, and what it
//! leaves there is no more than it should be.

#![cfg(unix)]

use crate::common;
use crate::common::home::{Home, ran};
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Stdio};

const OLD: &str = "vcn \"lab\" {}\n";
const NEW: &str = "vcn \"lab\" { dns_label = \"other\" }\n";

fn mode(home: &Home, name: &str) -> u32 {
    home.path(name).metadata().expect("is there").permissions().mode() & 0o7777
}

#[test]
fn a_file_that_is_replaced_keeps_its_mode() {
    let home = Home::with(OLD);
    home.fine("gen --out infra");
    let modes = [("network.tf", 0o600), ("README.md", 0o664), (".cloudspells.json", 0o640), ("outputs.tf", 0o600)];
    for (name, mode) in modes {
        let path = home.path(&format!("infra/{name}"));
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("is ours");
    }
    home.write("cloudspells.hcl", NEW);
    let before = home.read("infra/network.tf");
    home.fine("gen --out infra");
    assert_ne!(home.read("infra/network.tf"), before, "it is replaced");
    for (name, kept) in modes {
        assert_eq!(mode(&home, &format!("infra/{name}")), kept, "{name}");
    }
}

/// Files and folders that end as temporary files do.
fn temporary(home: &Home) -> Vec<String> {
    let names = |folder: &str| -> Vec<String> {
        let entries = fs::read_dir(home.path(folder)).into_iter().flatten().flatten();
        entries.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect()
    };
    let all = [".", "infra", "infra/tests", "infra/notes"].map(names).concat();
    all.into_iter().filter(|path| path.ends_with(".tmp")).collect()
}

#[test]
fn what_a_killed_run_leaves_is_removed_by_the_next_and_nothing_else_is() {
    let home = Home::with(OLD);
    home.fine("gen --out infra");
    // Of our own naming, in the directories that are written.
    for name in
        ["infra/.cloudspells-aB3dE9.tmp", "infra/.cloudspells-000000.tmp", "infra/tests/.cloudspells-zzzzzz.tmp"]
    {
        home.write(name, "left\n");
    }
    // Named otherwise, or elsewhere, or not a regular file.
    let own = [
        "infra/.cloudspells-mine.tmp",
        "infra/.cloudspells-aB3dE99.tmp",
        "infra/.cloudspells-aB3-E9.tmp",
        "infra/.cloudspells-aB3dE9.tmp.txt",
        "infra/cloudspells-aB3dE9.tmp",
        "infra/notes/.cloudspells-aB3dE9.tmp",
        ".cloudspells-aB3dE9.tmp",
    ];
    fs::create_dir(home.path("infra/notes")).expect("can be made");
    for name in own {
        home.write(name, "mine\n");
    }
    fs::create_dir(home.path("infra/.cloudspells-folder.tmp")).expect("can be made");
    symlink("README.md", home.path("infra/.cloudspells-linked.tmp")).expect("can be made");

    // A run that writes nothing removes nothing.
    for flags in ["--check", "--diff", "--dry-run"] {
        home.fine(&format!("gen --out infra {flags}"));
    }
    // The folder and the link end so, too, and one of the user's files does not.
    let kept = own.len() - 1 + 2;
    assert_eq!(temporary(&home).len(), 3 + kept);
    home.fine("gen --out infra");
    let left = home.files("");
    for name in own {
        assert!(left.contains_key(name), "{name} was the user's");
    }
    assert!(home.path("infra/.cloudspells-folder.tmp").is_dir());
    assert!(home.path("infra/.cloudspells-linked.tmp").is_symlink());
    assert_eq!(temporary(&home).len(), kept, "{:?}", temporary(&home));

    // One that a manifest lists is not removed for its name.
    home.write("infra/.cloudspells-listed.tmp", "x\n");
    let digest = "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac"; // of "x\n"
    let manifest = home.read("infra/.cloudspells.json");
    let listed = format!("\"files\": {{\n    \".cloudspells-listed.tmp\": \"sha256:{digest}0\",");
    home.write("infra/.cloudspells.json", manifest.replace("\"files\": {", &listed));
    assert!(home.wrong("gen --out infra").contains(".cloudspells-listed.tmp\", which cloudspells never writes"));
    assert_eq!(home.read("infra/.cloudspells-listed.tmp"), "x\n");
}

#[test]
fn after_a_night_of_kills_one_run_leaves_nothing_temporary() {
    let home = Home::with(OLD);
    home.write("new.hcl", NEW);
    home.fine("gen --out infra");
    let mut seen = 0;
    for round in 0..60 {
        let line: &[&str] =
            if round % 2 == 0 { &["gen", "--out", "infra", "-s", "new.hcl"] } else { &["gen", "--out", "infra"] };
        let mut child = home.command(line).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
        // Killed as soon as there is something to leave.
        while temporary(&home).len() <= seen && child.try_wait().expect("can be asked").is_none() {}
        child.kill().expect("may be killed");
        child.wait().expect("ends");
        seen = temporary(&home).len();
    }
    eprintln!("{seen} temporary files were left by the last of 60 kills");
    home.fine("gen --out infra");
    assert_eq!(temporary(&home), [""; 0]);
}

/// Runs with so little memory that a large file does not fit.
fn small(home: &Home, line: &str) -> common::home::Ran {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("ulimit -v 200000; exec \"$0\" {line}")).arg(env!("CARGO_BIN_EXE_cloudspells"));
    ran(shell.current_dir(home.path("")))
}

/// Makes a file as large as a disk has room for, without taking that room.
fn grow(home: &Home, name: &str, size: u64) {
    let file = fs::OpenOptions::new().write(true).create(true).truncate(false).open(home.path(name));
    file.expect("can be opened").set_len(size).expect("can be sparse");
}

#[test]
fn a_large_file_in_the_way_costs_no_memory() {
    let home = Home::with(OLD);
    assert_eq!(small(&home, "gen --out infra").code, Some(0), "there is enough memory for what is needed");
    grow(&home, "infra/README.md", 1 << 28);
    let edited = "infra/README.md was edited since cloudspells wrote it";
    let said = small(&home, "gen --out infra");
    assert!(said.code == Some(1) && said.stderr.contains(edited), "{said:?}");
    let said = small(&home, "gen --out infra --check");
    assert!(said.code == Some(2) && said.stderr.contains(edited), "{said:?}");
    let said = small(&home, "gen --out infra --diff");
    assert!(said.code == Some(0) && said.stderr.contains(edited), "{said:?}");
    assert!(said.stdout.contains("Files a/README.md and b/README.md differ"), "{said:?}");
    // What no manifest lists is not even read.
    fs::remove_file(home.path("infra/.cloudspells.json")).expect("is there");
    grow(&home, "infra/network.tf", 1 << 42);
    let said = small(&home, "gen --out infra");
    assert!(said.code == Some(1) && said.stderr.contains("infra/network.tf is in the way"), "{said:?}");
}

#[test]
fn a_manifest_that_is_too_large_is_refused_by_its_size() {
    let home = Home::with(OLD);
    home.fine("gen --out infra");
    grow(&home, "infra/.cloudspells.json", 1 << 42);
    for flags in ["", "--check", "--diff"] {
        let said = small(&home, &format!("gen --out infra {flags}"));
        assert!(said.code != Some(101) && said.code.is_some(), "{said:?}");
        let says = "infra/.cloudspells.json can't be understood: it has more than 1 MiB";
        assert!(said.stderr.contains(says), "{flags}: {said:?}");
    }
}

#[test]
fn a_forged_manifest_deletes_nothing_that_is_never_generated() {
    let home = Home::with(OLD);
    home.fine("gen --out infra");
    let good = home.read("infra/.cloudspells.json");
    fs::create_dir_all(home.path("infra/.git")).expect("can be made");
    let digest = "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac"; // of "x\n"
    for path in
        ["terraform.tfstate", "terraform.tfvars", ".terraform.lock.hcl", "my-backend.tf", ".git/config", "tests/x"]
    {
        let path_in_infra = format!("infra/{path}");
        home.write(&path_in_infra, "x\n");
        let forged = good.replace("\"files\": {", &format!("\"files\": {{\n    \"{path}\": \"sha256:{digest}\","));
        home.write("infra/.cloudspells.json", forged);
        assert!(home.wrong("gen --out infra").contains("which cloudspells never writes"), "{path}");
        assert_eq!(home.read(&path_in_infra), "x\n");
    }
}
