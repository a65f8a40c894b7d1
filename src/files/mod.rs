//! A module's files in memory, and the manifest that lets a later run prove
//! which of them it wrote. Knows no disk: that is [`disk`]'s.

pub mod disk;

use crate::layout::Layout;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the manifest is, in the module's directory.
pub const MANIFEST: &str = ".cloudspells.json";

/// The manifest's format; a reader refuses any other.
const FORMAT_VERSION: u32 = 1;

/// Text files by their path in the module, with `/` between folders.
#[derive(Debug, Clone)]
pub struct Files {
    layout: Layout,
    /// What `--spec` names: files, `-` for standard input; none for the
    /// built-in default.
    spec: Vec<String>,
    /// Where the first of these files is, as this run was told: in messages only.
    folder: String,
    spec_digest: String,
    entries: BTreeMap<String, Arc<str>>,
}

impl Files {
    pub fn new(layout: Layout, spec: Vec<String>, folder: String, canonical_spec: &str) -> Self {
        Self { layout, spec, folder, spec_digest: digest(canonical_spec.as_bytes()), entries: BTreeMap::new() }
    }

    pub fn add(&mut self, path: &str, text: String) {
        self.entries.insert(path.to_owned(), text.into());
    }

    /// Path and text of each file, the manifest last.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Arc<str>)> {
        let entries = self.entries.iter().map(|(path, text)| (path.as_str(), Arc::clone(text)));
        entries.chain([(MANIFEST, self.manifest().render().into())])
    }

    /// What `--spec` names, seen from the folder of the first file.
    pub fn spec(&self) -> &[String] {
        &self.spec
    }

    pub fn get(&self, path: &str) -> Option<&str> {
        self.entries.get(path).map(AsRef::as_ref)
    }

    fn manifest(&self) -> Manifest {
        let digests = self.entries.iter().map(|(path, text)| (path.clone(), digest(text.as_bytes())));
        Manifest {
            format_version: FORMAT_VERSION,
            tool: env!("CARGO_PKG_NAME").to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            layout: self.layout.word().to_owned(),
            spec: Named::from(self.spec.as_slice()),
            spec_digest: self.spec_digest.clone(),
            files: digests.collect(),
            replaces: BTreeMap::new(),
        }
    }
}

/// The manifest: what `.cloudspells.json` says about the files that were
/// written.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    format_version: u32,
    tool: String,
    tool_version: String,
    /// `root` or `module`.
    layout: String,
    /// What `--spec` names, without the folders.
    spec: Named,
    spec_digest: String,
    /// Path and digest of each file.
    files: BTreeMap<String, String>,
    /// While files are being replaced: the digests that they had before. A
    /// run that was killed leaves each file as one or the other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    replaces: BTreeMap<String, String>,
}

/// The values of `--spec`: `null` for the built-in default, a text for one
/// file, a list for a file and its overlays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Named {
    BuiltIn,
    One(String),
    Several(Vec<String>),
}

impl From<&[String]> for Named {
    fn from(names: &[String]) -> Self {
        match names {
            [] => Self::BuiltIn,
            [one] => Self::One(one.clone()),
            several => Self::Several(several.to_vec()),
        }
    }
}

impl Named {
    fn names(&self) -> Vec<String> {
        match self {
            Self::BuiltIn => Vec::new(),
            Self::One(name) => vec![name.clone()],
            Self::Several(names) => names.clone(),
        }
    }
}

impl Manifest {
    fn render(&self) -> String {
        // Strings and maps of strings can't fail to become JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if manifest.tool != env!("CARGO_PKG_NAME") {
            Err(format!("it belongs to {}", crate::diagnostic::quoted(&manifest.tool)))
        } else if manifest.format_version == FORMAT_VERSION {
            Ok(manifest)
        } else {
            Err(format!("its format is version {}, and this is {FORMAT_VERSION}", manifest.format_version))
        }
    }

    /// Whether we wrote a file of this name.
    fn lists(&self, path: &str) -> bool {
        [&self.files, &self.replaces].iter().any(|files| files.contains_key(path))
    }

    /// Whether a file with this digest is one that we wrote.
    fn wrote(&self, path: &str, digest: &str) -> bool {
        [&self.files, &self.replaces].iter().any(|files| files.get(path).is_some_and(|known| known == digest))
    }
}

/// A digest that is being computed.
#[derive(Default)]
struct Hash(Sha256);

impl Hash {
    fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(self) -> String {
        use std::fmt::Write as _;
        let mut text = "sha256:".to_owned();
        for byte in self.0.finalize() {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

fn digest(bytes: &[u8]) -> String {
    let mut hash = Hash::default();
    hash.update(bytes);
    hash.finish()
}
