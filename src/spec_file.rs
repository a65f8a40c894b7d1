//! Where a spec comes from: a file, standard input or the built-in default.

use anyhow::{Context as _, bail};
use cloudspells::LARGEST_SPEC as LARGEST;
use cloudspells::diagnostic::Source;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::Path;

/// The spec of a directory.
pub const DEFAULT_PATH: &str = "cloudspells.hcl";

/// Reads the spec that the user names; without a name, the directory's; where
/// it has none, the built-in default.
pub fn read(path: Option<&Path>) -> anyhow::Result<Source> {
    match path {
        Some(path) if path.as_os_str() == "-" => text("<stdin>", std::io::stdin()),
        Some(path) => file(path),
        None => match std::fs::symlink_metadata(DEFAULT_PATH) {
            Ok(_) => file(Path::new(DEFAULT_PATH)),
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

fn file(path: &Path) -> anyhow::Result<Source> {
    let name = path.display().to_string();
    if path.is_dir() {
        bail!(
            "cannot read {name}: it is a directory\n  help: name the spec in it, for example {}",
            path.join(DEFAULT_PATH).display()
        );
    }
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    text(&name, file)
}

fn text(name: &str, input: impl Read) -> anyhow::Result<Source> {
    let mut bytes = Vec::new();
    // One byte more than a spec may have, so that a larger file is noticed
    // without being read.
    input.take(LARGEST as u64 + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {name}"))?;
    if bytes.len() > LARGEST {
        bail!("{name} has more than {} MiB: it is not a spec", LARGEST >> 20);
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            // Some editors begin a file with a byte order mark.
            let text = text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned);
            Ok(Source { name: name.to_owned(), text })
        }
        Err(error) => {
            let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
            let before = String::from_utf8_lossy(valid);
            let line = before.matches('\n').count() + 1;
            let last = before.rsplit('\n').next().unwrap_or_default();
            let column = last.chars().count() + 1;
            bail!("{name}:{line}:{column}: this byte is not UTF-8\n  {last}\n  help: save the file as UTF-8 text");
        }
    }
}
