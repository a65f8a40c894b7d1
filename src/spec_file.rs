//! Where input comes from: a spec from a file, standard input or the built-in
//! default; a plan or state from a file or standard input; the text of modules
//! from their directories.

use crate::report::harmless;
use anyhow::{Context as _, bail};
use cloudspells::LARGEST_SPEC as LARGEST;
use cloudspells::audit::Texts;
use cloudspells::diagnostic::Source;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;

/// The spec of a directory.
pub const DEFAULT_PATH: &str = "cloudspells.hcl";

/// Reads the spec that the user names; without a name, the directory's; where
/// it has none, the built-in default.
pub fn read(path: Option<&Path>) -> anyhow::Result<Source> {
    match path {
        Some(path) if path.as_os_str() == "-" => spec("<stdin>", std::io::stdin()),
        Some(path) => spec_in(path),
        None => match std::fs::symlink_metadata(DEFAULT_PATH) {
            Ok(_) => spec_in(Path::new(DEFAULT_PATH)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let _ = writeln!(
                    std::io::stderr(),
                    "No {DEFAULT_PATH} here: using the built-in default stack. `cloudspells init` writes a spec of your own."
                );
                Ok(Source { name: "<default>".to_owned(), text: cloudspells::DEFAULT_SPEC.to_owned() })
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {DEFAULT_PATH}")),
        },
    }
}

/// Reads what `tofu show -json` printed.
pub fn json(path: &Path) -> anyhow::Result<String> {
    let name = path.display().to_string();
    const WHAT: &str = "the output of `tofu show -json`";
    if path.as_os_str() == "-" {
        return text("<stdin>", std::io::stdin(), cloudspells::audit::LARGEST, WHAT);
    }
    text(&name, open(path, "name the file that `tofu show -json` was written to")?, cloudspells::audit::LARGEST, WHAT)
}

/// Reads the `.tf` files of a root module and of the modules in it, by the
/// directories that its plan names. What is no HCL is said, and left out.
pub fn module_texts(root: &Path, directories: &BTreeSet<String>) -> anyhow::Result<Texts> {
    let mut texts = Texts::default();
    let mut is_empty = true;
    for name in directories {
        let directory = if name.is_empty() { root.to_owned() } else { root.join(name) };
        let entries = std::fs::read_dir(&directory).with_context(|| format!("cannot read {}", directory.display()))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.with_context(|| format!("cannot read {}", directory.display()))?.path();
            let is_text = path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu");
            files.extend(Some(path).filter(|path| is_text && path.is_file()));
        }
        files.sort();
        for path in files {
            is_empty = false;
            let shown = path.display().to_string();
            let text = text(&shown, open(&path, "")?, LARGEST, "a module's text")?;
            if let Err(problem) = texts.add(name, &text) {
                let _ = writeln!(std::io::stderr(), "warning: {}", harmless(&format!("{shown}: {problem}")));
            }
        }
    }
    if is_empty {
        bail!(
            "{} has no .tf file\n  help: name the directory that `tofu plan` ran in, or leave out `--dir`",
            root.display()
        );
    }
    Ok(texts)
}

/// A file's name in a message.
pub fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" { "<stdin>".to_owned() } else { path.display().to_string() }
}

fn spec_in(path: &Path) -> anyhow::Result<Source> {
    let help = format!("name the spec in it, for example {}", path.join(DEFAULT_PATH).display());
    spec(&path.display().to_string(), open(path, &help)?)
}

/// Opens a file; `help` is for who names a directory.
fn open(path: &Path, help: &str) -> anyhow::Result<File> {
    let name = path.display();
    if path.is_dir() {
        bail!("cannot read {name}: it is a directory\n  help: {help}");
    }
    File::open(path).with_context(|| format!("cannot read {name}"))
}

fn spec(name: &str, input: impl Read) -> anyhow::Result<Source> {
    let text = text(name, input, LARGEST, "a spec")?;
    Ok(Source { name: name.to_owned(), text })
}

/// Reads UTF-8 of at most so many bytes.
fn text(name: &str, input: impl Read, largest: usize, what: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    // One byte more than there may be, so that a larger file is noticed
    // without being read.
    input.take(largest as u64 + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() > largest {
        bail!("{name} has more than {} MiB: it is not {what}", largest >> 20);
    }
    // Some editors begin a file with a byte order mark.
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    if bytes.starts_with(b"PK") {
        bail!(
            "{name} is a zip file, as `tofu plan -out` writes it\n  help: run `tofu show -json {name} > plan.json` and audit that file"
        );
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        bail!("{name} is UTF-16 text, as `>` in Windows PowerShell writes it\n  help: save it as UTF-8");
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(name, &error))
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Says where the first byte is that is no text, and shows what stands before
/// it.
fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> anyhow::Error {
    /// Characters that are shown.
    const EXCERPT: usize = 60;
    let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
    let before = String::from_utf8_lossy(valid);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    let column = last.chars().count() + 1;
    let excerpt: String = last.chars().skip(column.saturating_sub(EXCERPT + 1)).collect();
    let dots = if column > EXCERPT + 1 { "…" } else { "" };
    anyhow::anyhow!(
        "{name}:{line}:{column}: this byte is not UTF-8\n  {dots}{excerpt}\n  help: save the file as UTF-8 text"
    )
}
