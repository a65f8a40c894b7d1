//! Where input comes from: a spec from a file, standard input or the built-in
//! default; a plan or state from a file or standard input; the text of modules
//! from their directories.

use super::terminal::say;
use anyhow::{Context as _, bail};
use cloudspells::LARGEST_SPEC;
use cloudspells::audit::{self, Texts};
use cloudspells::diagnostic::{Origin, Source, quoted};
use cloudspells::quote::{shell, terminal::path as shown};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// The spec of a directory.
pub const DEFAULT_PATH: &str = "cloudspells.hcl";

/// What is read, for a message about it.
struct Kind {
    what: &'static str,
    largest: usize,
}

const SPEC: Kind = Kind { what: "a spec", largest: LARGEST_SPEC };
const MODULE: Kind = Kind { what: "a module's text", largest: LARGEST_SPEC };
const JSON: Kind = Kind { what: "the output of `tofu show -json`", largest: cloudspells::audit::LARGEST };

/// Reads the spec that the user names, each further file laid over the first;
/// without a name, the directory's; where it has none, the built-in default.
pub fn spec(paths: &[PathBuf], environment: Option<&str>) -> anyhow::Result<Source> {
    let Some((first, overlays)) = paths.split_first() else {
        return match std::fs::symlink_metadata(DEFAULT_PATH) {
            Ok(_) => spec(&[PathBuf::from(DEFAULT_PATH)], environment),
            Err(error) if error.kind() == ErrorKind::NotFound => match environment {
                None => {
                    say(&format!(
                        "No {DEFAULT_PATH} here: using the built-in default stack. `cloudspells init` writes a spec of your own."
                    ));
                    Ok(Source::new(Origin::BuiltIn, cloudspells::DEFAULT_SPEC))
                }
                Some(name) => bail!(
                    "there is no {DEFAULT_PATH} here that environment {} could be of\n  help: write one with `cloudspells init`, or name the spec with `-s FILE`",
                    quoted(name)
                ),
            },
            Err(error) => Err(error).with_context(|| format!("cannot read {DEFAULT_PATH}")),
        };
    };
    if paths.iter().filter(|path| path.as_os_str() == "-").count() > 1 {
        bail!("standard input is named twice\n  help: it can be read once: name a file for the other");
    }
    let environment = environment.map(|name| environment_file(first, name)).transpose()?;
    check_once(paths.iter().chain(&environment))?;
    overlays.iter().chain(&environment).try_fold(spec_at(first)?, |below, path| {
        let above = spec_at(path).map_err(|error| match &environment {
            Some(file) if file == path => {
                anyhow::anyhow!(
                    "{error:#}\n  help: it says what is other in this environment than in {}; it may be empty",
                    shown(first)
                )
            }
            _ => error,
        })?;
        Ok(below.overlaid(above.origin, &above.text))
    })
}

/// Each file is laid over the others once, by whatever names it has.
fn check_once<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for path in paths {
        // A file that can't be found is reported when it is read.
        if let Ok(file) = path.canonicalize()
            && !seen.insert(file)
        {
            bail!("{} is named twice\n  help: name each file of a spec once", shown(path));
        }
    }
    Ok(())
}

/// The overlay of an environment: of `base.hcl`, `base.NAME.hcl` beside it.
fn environment_file(spec: &Path, name: &str) -> anyhow::Result<PathBuf> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || !name.chars().all(is_name) {
        bail!(
            "{} can't name an environment\n  help: a letter or digit, then letters, digits, `-` and `_`: it is part of a file's name",
            quoted(name)
        );
    }
    let (Some(stem), false) = (spec.file_stem(), spec.as_os_str() == "-") else {
        bail!(
            "a spec on standard input has no file of an environment beside it\n  help: name that file: `-s - -s FILE`"
        );
    };
    let mut file = stem.to_owned();
    file.push(format!(".{name}"));
    if let Some(extension) = spec.extension() {
        file.push(".");
        file.push(extension);
    }
    Ok(spec.with_file_name(file))
}

/// A directory with `{environment}` in its name replaced.
pub fn output(directory: &Path, environment: Option<&str>) -> anyhow::Result<PathBuf> {
    const PLACE: &str = "{environment}";
    // What is misspelt would become a directory of that name.
    let text = directory.to_string_lossy();
    let others = text.replace(PLACE, "");
    let other = match others.find(['{', '}']) {
        Some(at) => others.split_at(at).1.split_inclusive('}').next(),
        // A shell's variable that no shell replaced.
        None => text.contains("${environment}").then_some("${environment}"),
    };
    if let Some(other) = other {
        bail!(
            "`--out` has no placeholder {}\n  help: `{PLACE}` is the only one; `--environment NAME` says what it becomes",
            quoted(other)
        );
    }
    let Some(text) = directory.to_str().filter(|text| text.contains(PLACE)) else { return Ok(directory.to_owned()) };
    let Some(environment) = environment else {
        bail!("`--out {text}` needs an environment\n  help: add `--environment NAME`");
    };
    Ok(PathBuf::from(text.replace(PLACE, environment)))
}

fn spec_at(path: &Path) -> anyhow::Result<Source> {
    let help =
        || format!("name the spec in it, for example {}", shell::word(&path.join(DEFAULT_PATH).to_string_lossy()));
    source(path, &SPEC, help)
}

/// Reads what `tofu show -json` printed.
fn json(path: &Path) -> anyhow::Result<Source> {
    source(path, &JSON, || "name the file that `tofu show -json` was written to".to_owned())
}

/// A network to ask about, with its clusters.
pub struct Estate {
    pub subject: audit::Subject,
    /// Whether some of it is planned; else every value is known.
    pub is_plan: bool,
}

/// Reads plans and states as one estate; of a plan alone also the text of its
/// modules, from the root module's directory.
pub fn estate(files: &[PathBuf], directory: Option<&Path>) -> anyhow::Result<Estate> {
    let mut all: Vec<(String, audit::Shown)> = Vec::new();
    for file in files {
        let text = json(file)?;
        let name = text.origin.shown();
        let shown = audit::Shown::parse(&text.text).map_err(|problem| anyhow::anyhow!("{name}: {problem}"))?;
        if all.iter().any(|(other, _)| *other == name) {
            bail!("{name} is named twice\n  help: name each file once");
        }
        all.push((name, shown));
    }
    let names: Vec<_> = all.iter().map(|(name, _)| name.clone()).collect();
    let names = names.join(" and ");
    let mut texts = Texts::default();
    let shown = match (directory, <[_; 1]>::try_from(all)) {
        (Some(directory), Ok([(name, shown)])) => {
            texts = module_texts(directory, &shown.directories())?;
            if !shown.is_declared_in(&texts) {
                say(&format!(
                    "warning: no resource of {name} is declared in the `.tf` files of {}: they were not used\n  help: name the \
                     directory that `tofu plan` ran in",
                    self::shown(directory)
                ));
            }
            shown
        }
        (Some(_), Err(_)) => {
            bail!("`--dir` is the directory of one plan\n  help: leave it out, or audit that plan alone")
        }
        (None, Ok([(_, shown)])) => shown,
        (None, Err(all)) => audit::Shown::estate(all),
    };
    let is_plan = shown.is_plan();
    let subject = shown.subject(&texts).map_err(|problem| anyhow::anyhow!("{names}: {problem}"))?;
    Ok(Estate { subject, is_plan })
}

/// Reads the `.tf` files of a root module and of the modules in it, by the
/// directories that its plan names. A file that is not HCL is reported and left
/// out.
fn module_texts(root: &Path, directories: &BTreeSet<String>) -> anyhow::Result<Texts> {
    let mut texts = Texts::default();
    let mut is_empty = true;
    for name in directories {
        let directory = if name.is_empty() { root.to_owned() } else { root.join(name) };
        let unreadable = || format!("cannot read {}", shown(&directory));
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&directory).with_context(unreadable)? {
            let path = entry.with_context(unreadable)?.path();
            let is_text = path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu");
            let is_json = [".tf.json", ".tofu.json"].iter().any(|end| path.to_string_lossy().ends_with(end));
            files.extend(Some(path).filter(|path| (is_text || is_json) && path.is_file()));
        }
        files.sort();
        let mut is_whole = true;
        for path in files {
            is_empty = false;
            if path.extension().is_some_and(|extension| extension == "json") {
                say(&format!(
                    "warning: {} is JSON, which is not read, and may change what is: of its directory the audit relies on the plan alone",
                    shown(&path)
                ));
                is_whole = false;
                continue;
            }
            let text = source(&path, &MODULE, String::new)?;
            if let Err(problem) = texts.add(name, &text.text) {
                say(&format!("warning: {}: {problem}", text.origin.shown()));
                is_whole = false;
            }
        }
        if !is_whole {
            texts.hide(name);
        }
    }
    if is_empty {
        bail!(
            "{} has no .tf file\n  help: name the directory that `tofu plan` ran in, or leave out `--dir`",
            shown(root)
        );
    }
    Ok(texts)
}

/// Reads a file, or standard input where it is called `-`; `help` is for who
/// names a directory.
fn source(path: &Path, kind: &Kind, help: impl FnOnce() -> String) -> anyhow::Result<Source> {
    if path.as_os_str() == "-" {
        let text = text(&Origin::StandardInput, std::io::stdin(), kind)?;
        return Ok(Source::new(Origin::StandardInput, text));
    }
    let name = shown(path);
    if path.is_dir() {
        bail!("cannot read {name}: it is a directory\n  help: {}", help());
    }
    let file = File::open(path).with_context(|| format!("cannot read {name}"))?;
    let origin = Origin::File(path.to_string_lossy().into_owned());
    let text = text(&origin, file, kind)?;
    Ok(Source::new(origin, text))
}

/// Reads UTF-8 of at most so many bytes.
fn text(origin: &Origin, input: impl std::io::Read, kind: &Kind) -> anyhow::Result<String> {
    let name = origin.shown();
    let Kind { what, largest } = *kind;
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
        let word = match origin {
            Origin::File(path) => shell::word(path),
            Origin::StandardInput | Origin::BuiltIn => "FILE".to_owned(),
        };
        bail!(
            "{name} is a zip file, as `tofu plan -out` writes it\n  help: run `tofu show -json {word} > plan.json` and audit that file"
        );
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        bail!("{name} is UTF-16 text, as `>` in Windows PowerShell writes it\n  help: save it as UTF-8");
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(&name, &error))
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
