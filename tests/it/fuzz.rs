//! From arbitrary bytes to files: no panic, a known exit code, and whatever is
//! written is HCL, says what the user wrote, and is the same the second time.
//! `FUZZ_CASES=100000 cargo test --test it fuzz` looks longer.

use crate::common;
use crate::common::strategy::{INNERMOST, nested_template};
use crate::common::{cloudspells, files_under, root};
use cloudspells::Layout;
use cloudspells::diagnostic::Source;
use hcl::eval::Evaluate as _;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::io::Write as _;
use std::process::Stdio;
use std::sync::LazyLock;

/// Specs to begin with: every one in the repository, good and bad.
static SEEDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let good = ["golden", "tests/warned", "tests/changes", "src"];
    let files = |folder: &str| hcl_files(&root().join(folder));
    let mut seeds: Vec<_> = good.into_iter().flat_map(files).collect();
    // As many again that have expressions of every kind, and some bad ones.
    for (number, innermost) in (0..seeds.len()).zip((0..INNERMOST.len()).cycle()) {
        let value = nested_template(&[number, number + 7], innermost);
        let key = format!("ssh_public_key = [{value}][0]");
        seeds.push(seeds[number].replace("node_count", &format!("{key}\n    node_count")));
    }
    seeds.extend(files("tests/rejected").into_iter().step_by(8));
    seeds
});

fn hcl_files(folder: &std::path::Path) -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "hcl") {
                paths.push(path);
            }
        }
    }
    paths.sort();
    // What is generated is no spec.
    paths.retain(|path| !path.to_string_lossy().ends_with(".tftest.hcl"));
    paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).filter(|text| text.len() < 20_000).collect()
}

const WORDS: [&str; 38] = [
    "\"",
    "${",
    "%{",
    "$${",
    "}",
    "{",
    "[",
    "]",
    "(",
    ")",
    "=",
    ",",
    ":",
    "?",
    "...",
    "\\",
    "\\n",
    "\\u202e",
    "\n",
    "<<EOT\n",
    "<<-EOT\n",
    "\nEOT\n",
    "~}",
    "${~",
    "%{ if var.x }",
    "%{ else }",
    "%{ endif }",
    "%{ for x in [\"a${b}\"] }",
    "%{ endfor }",
    "[for x in var.y : x]",
    "-0",
    "123456789012345678901",
    "1e999",
    "var.x",
    "vcn \"b\" {}\n",
    "\u{202e}",
    "\0",
    "# ",
];

#[derive(Debug, Clone)]
enum Mutation {
    Insert(Index, &'static str),
    Delete(Index, u8),
    Repeat(Index, u8),
    Graft(Index, Index, Index, u8),
    Byte(Index, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        3 => (any::<Index>(), select(&WORDS[..])).prop_map(|(at, word)| Mutation::Insert(at, word)),
        2 => (any::<Index>(), 1..40_u8).prop_map(|(at, length)| Mutation::Delete(at, length)),
        1 => (any::<Index>(), 1..200_u8).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        2 => (any::<Index>(), any::<Index>(), any::<Index>(), 1..80_u8)
            .prop_map(|(at, seed, from, length)| Mutation::Graft(at, seed, from, length)),
        1 => (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte(at, byte)),
    ]
}

fn mutated(seed: &Index, mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = seed.get(&SEEDS).clone().into_bytes();
    for mutation in mutations {
        let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        let run = |at: usize, length: u8, bytes: &[u8]| at..(at + usize::from(length)).min(bytes.len());
        match mutation {
            Mutation::Insert(at, word) => {
                let at = place(at, &bytes);
                bytes.splice(at..at, word.bytes());
            }
            Mutation::Delete(at, length) => drop(bytes.drain(run(place(at, &bytes), *length, &bytes))),
            Mutation::Repeat(at, length) => {
                let at = place(at, &bytes);
                let piece = bytes[run(at, *length, &bytes)].to_vec();
                bytes.splice(at..at, piece);
            }
            Mutation::Graft(at, seed, from, length) => {
                let other = seed.get(&SEEDS).as_bytes();
                let piece = other[run(place(from, other), *length, other)].to_vec();
                let at = place(at, &bytes);
                bytes.splice(at..at, piece);
            }
            Mutation::Byte(at, byte) => {
                let at = place(at, &bytes);
                bytes.splice(at..(at + 1).min(bytes.len()), [*byte]);
            }
        }
    }
    bytes
}

fn input() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        9 => (any::<Index>(), prop::collection::vec(mutation(), 0..4)).prop_map(|(seed, m)| mutated(&seed, &m)),
        1 => prop::collection::vec(any::<u8>(), 0..200),
    ]
}

/// The `ssh_public_key` of each node pool in a spec, as they will be sorted.
fn keys(spec: &str) -> Vec<(String, hcl::Expression)> {
    let Ok(body) = hcl::parse(spec) else { return Vec::new() };
    let mut keys = Vec::new();
    for cluster in body.blocks().filter(|block| block.identifier() == "oke_cluster") {
        for pool in cluster.body().blocks().filter(|block| block.identifier() == "node_pool") {
            let name =
                |block: &hcl::Block| block.labels().first().map(|l| l.as_str().replace('-', "_")).unwrap_or_default();
            let key = pool.body().attributes().find(|attribute| attribute.key() == "ssh_public_key");
            keys.extend(key.map(|key| (format!("{}_{}", name(cluster), name(pool)), key.expr().clone())));
        }
    }
    keys
}

/// What hcl-rs, which knows nothing of us, makes of an expression; none where
/// it needs variables, or reads text in directives in its own way.
fn value(expression: &hcl::Expression) -> Option<hcl::Value> {
    let text = expression.to_string();
    if text.contains("%{") || text.contains('~') || text.contains("<<") {
        return None;
    }
    expression.evaluate(&hcl::eval::Context::new()).ok()
}

/// Whether it was accepted.
fn judge(bytes: &[u8]) -> bool {
    let Ok(text) = String::from_utf8(bytes.to_vec()) else { return false };
    let source = Source::file("fuzz.hcl", text);
    let generated = match cloudspells::generate(&source, Layout::Root) {
        Ok(generated) => generated.value,
        Err(diagnostics) => {
            let report = diagnostics.render(&source, false);
            assert!(report.contains("error: ") && report.contains("fuzz.hcl:"), "{report}");
            assert!(!report.contains("mistake in cloudspells"), "{report}\n{}", source.text);
            let raw = report.chars().find(|c| cloudspells::quote::is_deceptive(*c) && *c != '\n' && *c != '\t');
            assert_eq!(raw, None, "{report:?}");
            return false;
        }
    };
    let again = cloudspells::generate(&source, Layout::Root).expect("accepted once").value;
    assert!(generated.files.iter().eq(again.files.iter()), "not the same twice:\n{}", source.text);
    for (path, text) in generated.files.iter().filter(|(path, _)| path.ends_with(".tf") || path.ends_with(".hcl")) {
        hcl::parse(&text).unwrap_or_else(|error| panic!("{path} is not HCL: {error}\n{text}\nfrom\n{}", source.text));
    }
    let pools = generated.files.get("node_pools.tf").map(|text| hcl::parse(text).expect("parsed before"));
    for (name, written) in keys(&source.text) {
        let pool = pools
            .iter()
            .flat_map(hcl::Body::blocks)
            .find(|block| block.identifier() == "resource" && block.labels()[1].as_str() == name);
        let key = pool.and_then(|pool| pool.body().attributes().find(|a| a.key() == "ssh_public_key"));
        let key = key.unwrap_or_else(|| panic!("{name} has no key"));
        if let Some(wanted) = value(&written) {
            assert_eq!(value(key.expr()), Some(wanted), "the key of {name} in\n{}", source.text);
        }
    }
    cloudspells::model(&source, cloudspells::Profiles::AsWritten).expect("what is generated has a model");
    cloudspells::rules(&source).expect("what is generated has rules");
    true
}

fn cases(default: u32) -> u32 {
    std::env::var("FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default)
}

#[test]
fn from_any_bytes_to_files_or_to_an_answer() {
    let inputs = common::strategy::sample(input(), cases(600) as usize);
    let accepted = inputs.iter().filter(|bytes| judge(bytes)).count();
    common::say(&format!("fuzz: {} inputs, {accepted} accepted", inputs.len()));
    assert!((inputs.len() / 10..inputs.len() / 2).contains(&accepted), "{accepted} accepted");
}

#[test]
fn the_program_ends_with_a_known_code_and_writes_the_same_twice() {
    let mut codes = std::collections::BTreeMap::new();
    for bytes in common::strategy::sample(input(), (cases(600) / 12) as usize) {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let run = |arguments: &[&str]| {
            let mut child = cloudspells()
                .args(arguments)
                .current_dir(folder.path())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the program starts");
            // It may not want all of it.
            let _ = child.stdin.take().expect("a pipe").write_all(&bytes);
            let output = child.wait_with_output().expect("the program ends");
            let said = String::from_utf8(output.stderr).expect("text");
            (output.status.code().unwrap_or_else(|| panic!("killed by a signal: {said}")), said)
        };
        let (code, said) = run(&["gen", "-s", "-", "--out", "out"]);
        assert!(matches!(code, 0 | 1), "exit code {code}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        assert_eq!(code == 0, folder.path().join("out").exists(), "{said}");
        if code == 0 {
            let before = files_under(&folder.path().join("out"));
            assert_eq!(run(&["gen", "-s", "-", "--out", "out", "--check"]).0, 0);
            assert_eq!(run(&["gen", "-s", "-", "--out", "out"]).0, 0);
            assert!(files_under(&folder.path().join("out")) == before, "not the same twice");
            assert!(matches!(run(&["check", "-s", "-"]).0, 0 | 2));
        }
        *codes.entry(code).or_insert(0) += 1;
    }
    assert_eq!(codes.keys().copied().collect::<Vec<_>>(), [0, 1], "{codes:?}");
}
