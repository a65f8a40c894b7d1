//! What the tests of both binaries share.

pub mod home;
pub mod strategy;

use cloudspells::Layout;
use cloudspells::diagnostic::{Origin, Source};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program under test.
pub fn cloudspells() -> std::process::Command {
    std::process::Command::new(env!("CARGO_BIN_EXE_cloudspells"))
}

/// A golden: its name, its spec and the layout that it is generated in.
pub struct Golden {
    pub name: String,
    pub source: Source,
    pub layout: Layout,
}

/// Every `golden/NAME.hcl`, by name; `golden/NAME.ENVIRONMENT.hcl` is laid over
/// the former, as another golden. Those whose name begins with `module` are
/// generated with `--module`, those that begin with `without_provider` with
/// `--no-provider`.
pub fn goldens() -> Vec<Golden> {
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut goldens: Vec<_> = fs::read_dir(root().join("golden"))
        .expect("golden/ can be read")
        .map(|entry| entry.expect("golden/ can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "hcl"))
        .map(|path| {
            let name = path.file_stem().expect("has a name").to_string_lossy().into_owned();
            let base = name.split('.').next().expect("has a name");
            let mut source =
                Source::file(format!("golden/{base}.hcl"), read(&path.with_file_name(format!("{base}.hcl"))));
            if base != name {
                source = source.overlaid(Origin::File(format!("golden/{name}.hcl")), &read(&path));
            }
            let layout = if name.starts_with("module") {
                Layout::Module
            } else if name.starts_with("without_provider") {
                Layout::WithoutProvider
            } else {
                Layout::Root
            };
            Golden { source, layout, name }
        })
        .collect();
    goldens.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!goldens.is_empty(), "there are no goldens");
    goldens
}

/// Generates, or fails the test with the diagnostics.
pub fn generate(source: &Source, layout: Layout) -> cloudspells::Generated {
    cloudspells::generate(source, layout)
        .unwrap_or_else(|diagnostics| {
            panic!("{} was refused:\n{}", source.origin.shown(), diagnostics.render(source, false))
        })
        .value
}

/// Generates from text, for specs that stand in a test.
pub fn generate_text(text: &str) -> cloudspells::Generated {
    generate(&Source::file("test.hcl", text), Layout::Root)
}

/// Every file under a directory, by its path with `/` between folders.
pub fn files_under(directory: &Path) -> BTreeMap<String, String> {
    fn walk(base: &Path, directory: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display())) {
            let path = entry.expect("a directory can be read").path();
            if path.is_dir() {
                walk(base, &path, found);
            } else {
                let name = path.strip_prefix(base).expect("is inside").to_string_lossy().replace('\\', "/");
                found.insert(name, fs::read_to_string(&path).expect("a text file"));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(directory, directory, &mut found);
    found
}

/// Writes generated files into an empty directory.
pub fn write_files(generated: &cloudspells::Generated, directory: &Path) {
    for (path, text) in generated.files.iter() {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().expect("has a parent")).expect("a directory can be made");
        fs::write(path, text.as_bytes()).expect("a file can be written");
    }
}

/// libtest swallows what a passing test prints; a skipped one must be seen.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
