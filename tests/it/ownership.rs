//! `gen` never loses a user's work: what it did not write, or what someone
//! changed since, it names and leaves alone. Killed at any moment, it leaves
//! every file old or new, and the next run goes on.

#![cfg(unix)]

use crate::common;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const MANIFEST: &str = ".cloudspells.json";

/// A directory with two specs, and the module that is generated in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(tempfile::tempdir().expect("a directory can be made"));
        home.write("old.hcl", "vcn \"lab\" {}\n");
        home.write("new.hcl", "vcn \"lab\" { dns_label = \"other\" }\n");
        home
    }

    /// With the module of `old.hcl` in `infra`.
    fn generated() -> Self {
        let home = Self::new();
        home.fine("old.hcl --out infra");
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("has a parent")).expect("can be made");
        fs::write(self.path(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn delete(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    fn files(&self, folder: &str) -> BTreeMap<String, String> {
        common::files_under(&self.path(folder))
    }

    /// `gen` with a spec and more arguments, separated by spaces.
    fn command(&self, line: &str) -> Command {
        let mut command = common::cloudspells();
        command.args(["gen", "--spec"]).args(line.split(' ')).current_dir(self.0.path());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    fn spawn(&self, line: &str) -> Child {
        self.command(line).stderr(Stdio::piped()).spawn().expect("the program runs")
    }

    fn fine(&self, line: &str) {
        let output = self.spawn(line).wait_with_output().expect("ends");
        assert!(output.status.success(), "gen --spec {line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// `gen` must refuse, name each of some files and leave all files alone.
    fn refused(&self, line: &str, names: &[&str]) {
        let before = entries(&self.path(""));
        let output = self.spawn(line).wait_with_output().expect("ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "gen --spec {line}: {stderr}");
        for name in names {
            assert_eq!(stderr.matches(name).count(), 1, "{name} is not named once: {stderr}");
        }
        assert!(entries(&self.path("")) == before, "gen --spec {line} wrote something");
    }
}

/// Everything under a directory with what tells it apart: kind, permissions,
/// identity, time and content. Follows no link.
fn entries(directory: &Path) -> BTreeMap<PathBuf, (u32, u64, i64, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("can be read") {
        let path = entry.expect("can be read").path();
        let meta = path.symlink_metadata().expect("is there");
        let content = match meta.file_type() {
            kind if kind.is_symlink() => fs::read_link(&path).expect("is a link").into_os_string().into_encoded_bytes(),
            kind if kind.is_file() => fs::read(&path).expect("can be read"),
            _ => {
                found.extend(entries(&path));
                Vec::new()
            }
        };
        let time = meta.mtime() * 1_000_000_000 + meta.mtime_nsec();
        found.insert(path, (meta.mode(), meta.ino(), if meta.is_dir() { 0 } else { time }, content));
    }
    found
}

/// Files without the temporary ones that a killed run leaves: those begin
/// with a dot, so that no tool takes them for a part of the module.
fn without_leftovers(mut files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    files.retain(|path, _| !(path.rsplit('/').next().is_some_and(|n| n.starts_with('.')) && path.ends_with(".tmp")));
    files
}

#[test]
fn unchanged_files_are_not_rewritten() {
    let home = Home::generated();
    let before = entries(&home.path("infra"));
    home.fine("old.hcl --out infra");
    assert_eq!(entries(&home.path("infra")), before);

    home.write("old.hcl", &home.read("new.hcl"));
    home.fine("old.hcl --out infra");
    let after = entries(&home.path("infra"));
    let kept = |name: &str| after[&home.path(name)] == before[&home.path(name)];
    assert!(kept("infra/versions.tf") && !kept("infra/network.tf"));
}

#[test]
fn a_file_that_it_did_not_write_is_named_and_nothing_is_written() {
    for name in ["README.md", "network.tf", "tests/stack.tftest.hcl", "terraform.tfvars.example"] {
        let home = Home::new();
        home.write(&format!("infra/{name}"), "mine\n");
        home.refused("old.hcl --out infra", &[&format!("infra/{name} is in the way")]);
    }
}

#[test]
fn edited_files_are_all_named_and_nothing_is_written() {
    let home = Home::generated();
    let outputs = home.read("infra/outputs.tf");
    home.write("infra/outputs.tf", &format!("{outputs}# mine\n"));
    for spec in ["old.hcl", "new.hcl"] {
        home.refused(&format!("{spec} --out infra"), &["infra/outputs.tf was edited", "Nothing was written."]);
    }
    home.write("infra/README.md", "");
    home.write("infra/versions.tf", &home.read("infra/versions.tf").replace('\n', "\r\n"));
    let names = ["infra/outputs.tf was edited", "infra/README.md was edited", "infra/versions.tf was edited"];
    home.refused("new.hcl --out infra --module", &names);

    // Restored or deleted, they are no longer in the way.
    home.write("infra/outputs.tf", &outputs);
    home.delete("infra/README.md");
    home.delete("infra/versions.tf");
    home.fine("new.hcl --out infra");
}

#[test]
fn files_of_the_users_own_are_never_touched() {
    let home = Home::new();
    let own = "backend.tf terraform.tfstate terraform.tfvars .terraform.lock.hcl .terraform/modules.json \
               tests/mine.tftest.hcl notes/README.md .cloudspells-mine.tmp";
    for name in own.split_whitespace() {
        home.write(&format!("infra/{name}"), "mine\n");
    }
    let before = entries(&home.path("infra"));
    for line in [
        "old.hcl --out infra",
        "new.hcl --out infra",
        "new.hcl --out infra --module",
        "old.hcl --out infra --no-provider",
    ] {
        home.fine(line);
        let after = entries(&home.path("infra"));
        assert!(before.iter().all(|(path, entry)| after.get(path) == Some(entry)), "{line}");
    }
}

#[test]
fn a_file_that_the_spec_no_longer_makes_is_deleted_unless_it_was_edited() {
    let home = Home::generated();
    home.fine("old.hcl --out module --module");
    home.write("infra/providers.tf", "# mine\n");
    home.refused("old.hcl --out infra --module", &["infra/providers.tf was edited"]);

    home.delete("infra/providers.tf");
    home.fine("old.hcl --out infra");
    home.delete("infra/terraform.tfvars.example");
    home.fine("old.hcl --out infra --module");
    assert_eq!(home.files("infra"), home.files("module"));
}

#[test]
fn a_deleted_file_is_written_again() {
    let home = Home::generated();
    let before = home.files("infra");
    for name in ["network.tf", MANIFEST, "tests/stack.tftest.hcl"] {
        home.delete(&format!("infra/{name}"));
        home.fine("old.hcl --out infra");
        assert_eq!(home.files("infra"), before);
    }
    home.delete(&format!("infra/{MANIFEST}")); // Nothing proves any more that the other files are ours.
    home.refused("new.hcl --out infra", &["infra/network.tf is in the way"]);
}

#[test]
fn a_manifest_that_can_not_be_understood_is_named_and_nothing_is_written() {
    let home = Home::generated();
    let good = home.read("infra/.cloudspells.json");
    for bad in [
        String::new(),
        "null".to_owned(),
        "{\"name\": \"of another program\"}".to_owned(),
        format!("<<<<<<< HEAD\n{good}"),
        good[..good.len() / 2].to_owned(),
        good.replace("\"format_version\": 1", "\"format_version\": 2"),
        good.replace("\"tool\": \"cloudspells\"", "\"tool\": \"another\""),
        good.replace("\"tool\"", "\"unknown\""),
        "[".repeat(100_000),
    ] {
        home.write("infra/.cloudspells.json", &bad);
        home.refused("new.hcl --out infra --module", &["infra/.cloudspells.json can't be understood"]);
    }
}

#[test]
fn no_manifest_leads_out_of_the_directory() {
    let home = Home::generated();
    home.write("outside.txt", "mine\n");
    home.write("folder/deep/outside.txt", "mine\n");
    symlink("..", home.path("infra/up")).expect("can be made");
    symlink("../folder", home.path("infra/link")).expect("can be made");
    symlink("../outside.txt", home.path("infra/file")).expect("can be made");
    let absolute = home.path("outside.txt").to_string_lossy().into_owned();
    let digest = "fcbc800db3f1867000b852f1ce0044b8f1584f76ade1ed6e65189824f95c3cda"; // of "mine\n"
    let good = home.read("infra/.cloudspells.json");
    for path in
        ["../outside.txt", &absolute, "tests/../../outside.txt", "file", "up/outside.txt", "link/deep/outside.txt"]
    {
        let forged = good.replace("\"files\": {", &format!("\"files\": {{\n    \"{path}\": \"sha256:{digest}\","));
        for line in ["old.hcl --out infra", "new.hcl --out infra --module", "old.hcl --out infra --no-provider"] {
            home.write("infra/.cloudspells.json", &forged);
            home.command(line).status().expect("the program runs");
            assert_eq!(home.read("outside.txt") + &home.read("folder/deep/outside.txt"), "mine\nmine\n", "{path}");
        }
    }
}

#[test]
fn a_link_or_folder_where_a_file_belongs_is_named_and_not_followed() {
    for name in ["network.tf", "tests/stack.tftest.hcl", "tests", MANIFEST] {
        for what in ["link to its content", "link to nothing", "folder"] {
            let home = Home::generated();
            let (place, kept) = (home.path(&format!("infra/{name}")), home.path("kept"));
            fs::rename(&place, &kept).expect("is there");
            match what {
                "folder" if name == "tests" => continue, // It belongs there.
                "folder" => fs::create_dir(&place).expect("can be made"),
                "link to nothing" => symlink("nothing", &place).expect("can be made"),
                _ => symlink(&kept, &place).expect("can be made"),
            }
            for line in ["old.hcl --out infra", "new.hcl --out infra --module"] {
                home.refused(line, &[&format!("infra/{name} is not a")]);
            }
        }
    }
}

#[test]
fn the_output_directory_may_be_a_link_but_not_a_file() {
    let home = Home::generated();
    symlink("infra", home.path("link")).expect("can be made");
    home.fine("new.hcl --out link");
    home.fine("new.hcl --out infra --check");
    assert!(home.path("link").is_symlink());

    symlink("missing", home.path("dangling")).expect("can be made");
    home.refused("old.hcl --out dangling", &["dangling"]);
    home.refused("old.hcl --out old.hcl", &["old.hcl is not a directory"]);
    home.refused("old.hcl --out old.hcl/infra", &["old.hcl"]);
}

#[test]
fn a_directory_that_may_not_be_written_is_an_error() {
    let home = Home::generated();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(home.path(""), open.clone()).expect("is ours");
    fs::set_permissions(home.path("infra"), fs::Permissions::from_mode(0o555)).expect("is ours");
    let mut command = home.command("new.hcl --out infra");
    if home.path("").metadata().expect("is there").uid() == 0 {
        // Permissions don't bind root: the program runs as nobody.
        command.uid(65_534).gid(65_534);
    }
    let before = home.files("");
    match command.stderr(Stdio::piped()).output() {
        Err(error) => eprintln!("skipped: can't run as another user than root: {error}"),
        Ok(output) => {
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{stderr}");
            assert!(stderr.contains("cannot write infra") && stderr.contains("ermission denied"), "{stderr}");
            assert!(!stderr.contains(".cloudspells-"), "names a file that the user does not know: {stderr}");
        }
    }
    assert_eq!(home.files(""), before);
    fs::set_permissions(home.path("infra"), open).expect("is ours");
}

#[test]
fn files_have_the_permissions_of_any_new_file_and_nothing_temporary_stays() {
    for (umask, mode) in [("022", 0o644), ("077", 0o600), ("002", 0o664)] {
        let home = Home::new();
        for spec in ["old.hcl", "new.hcl"] {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("umask {umask}; \"$0\" gen --spec {spec} --out infra"));
            shell.arg(env!("CARGO_BIN_EXE_cloudspells")).current_dir(home.path(""));
            assert!(shell.output().expect("there is a shell").status.success());
        }
        for (path, (found, ..)) in entries(&home.path("infra")) {
            assert!(path.is_dir() || found & 0o777 == mode, "umask {umask}: {} has {found:o}", path.display());
        }
        let hidden: Vec<_> = home.files("infra").into_keys().filter(|name| name.starts_with('.')).collect();
        assert_eq!(hidden, [MANIFEST]);
    }
}

/// A large spec, in versions that differ in every cluster.
fn large(version: u8) -> String {
    let vcns = (0..6).map(|n| format!("vcn \"n{n}\" {{\ncidr_block = \"192.168.{n}.0/24\"\n}}\n"));
    let cluster =
        |n, vcn| format!("oke_cluster \"c{n}\" {{\nvcn = vcn.n{vcn}\nkubernetes_version = \"v1.3{version}.1\"\n}}\n");
    vcns.chain((0..30).map(|n| cluster(n, n % 6))).collect()
}

#[test]
fn a_killed_run_leaves_every_file_old_or_new_and_the_next_goes_on() {
    const KILLS: u32 = 24;
    let home = Home::new();
    home.write("old.hcl", &large(2));
    home.write("new.hcl", &large(3));
    let begun = Instant::now();
    home.fine("old.hcl --out old --no-provider");
    let whole = begun.elapsed();
    home.fine("new.hcl --out new --module");
    let complete = [home.files("old"), home.files("new")];
    home.fine("old.hcl --out infra --no-provider");
    for round in 0..KILLS {
        // From early to after the end, and denser where the files are written.
        let (line, delay) =
            (["new.hcl --out infra --module", "old.hcl --out infra --no-provider"][round as usize % 2], KILLS + round);
        let mut child = home.spawn(line);
        std::thread::sleep(whole * delay / (KILLS * 2));
        child.kill().expect("may be killed");
        child.wait().expect("ends");
        for (path, text) in without_leftovers(home.files("infra")).iter().filter(|(path, _)| *path != MANIFEST) {
            assert!(complete.iter().any(|files| files.get(path) == Some(text)), "{path} is neither old nor new");
        }
        // Either spec may be the next.
        let next = round as usize / 2 % 2;
        home.fine(["old.hcl --out infra --no-provider", "new.hcl --out infra --module"][next]);
        assert!(without_leftovers(home.files("infra")) == complete[next], "round {round}");
    }
}

#[test]
fn a_run_killed_after_a_killed_run_loses_nothing_either() {
    let home = Home::new();
    home.write("third.hcl", "vcn \"lab\" { dns_label = \"third\" }\nvcn \"more\" {}\n");
    home.fine("new.hcl --out new");
    let mut interrupted = 0;
    for round in 0..20 {
        home.fine("old.hcl --out infra");
        for spec in ["new.hcl", "third.hcl"] {
            let manifest = || home.path("infra/.cloudspells.json").metadata().expect("is always there").ino();
            let before = manifest();
            let mut child = home.spawn(&format!("{spec} --out infra"));
            // The manifest is the first file to be replaced, and the last.
            while manifest() == before && child.try_wait().expect("can be asked").is_none() {}
            std::thread::sleep(Duration::from_micros(round));
            child.kill().expect("may be killed");
            child.wait().expect("ends");
            interrupted += u32::from(home.read("infra/.cloudspells.json").contains("\"replaces\""));
        }
        home.fine("new.hcl --out infra");
        assert_eq!(without_leftovers(home.files("infra")), home.files("new"), "round {round}");
    }
    eprintln!("{interrupted} of 40 runs were killed between the first file and the last");
}

#[test]
fn runs_at_the_same_time_end_well_or_say_why_and_the_files_are_right() {
    for round in 0..20 {
        let home = if round % 2 == 0 { Home::new() } else { Home::generated() };
        home.fine("new.hcl --out fresh --module");
        let runs: Vec<_> = (0..4).map(|_| home.spawn("new.hcl --out infra --module")).collect();
        let ends: Vec<_> = runs.into_iter().map(|run| run.wait_with_output().expect("ends")).collect();
        for end in &ends {
            assert!(end.status.success() || end.stderr.starts_with(b"error: "), "{end:?}");
        }
        assert!(ends.iter().any(|end| end.status.success()), "none ended well: {ends:?}");
        assert!(home.files("infra") == home.files("fresh"), "round {round}: wrong files after {ends:?}");
    }
}
