//! `--format json`: what is printed for every golden and every audited file is
//! what the schemas in `docs/schema/` say.

use crate::common;
use boon::{Compiler, Schemas};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What a command prints, as JSON.
fn json(arguments: &[&str], spec: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_cloudspells"))
        .arg(arguments[0])
        .args(["--format", "json"])
        .args(&arguments[1..])
        .arg(spec)
        .output()
        .expect("the program runs");
    assert_ne!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// Holds each document against a schema, and the schema against a document
/// that has a property more.
fn holds(schema: &str, documents: &[Value]) {
    let path = common::root().join("docs/schema").join(schema);
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    let index = compiler.compile(&path.to_string_lossy(), &mut schemas).expect("the schema is one");
    assert!(!documents.is_empty());
    for document in documents {
        schemas.validate(document, index).unwrap_or_else(|error| panic!("{schema}: {error:#}"));
        let mut wrong = document.clone();
        wrong["surprise"] = Value::Bool(true);
        assert!(schemas.validate(&wrong, index).is_err(), "{schema} lets anything pass");
        assert_eq!(document["format_version"], cloudspells::prove::FORMAT_VERSION);
    }
}

fn of_goldens(command: &str) -> Vec<Value> {
    let spec = |golden: &common::Golden| common::root().join("golden").join(format!("{}.hcl", golden.name));
    common::goldens().iter().map(|golden| json(&[command, "--spec"], &spec(golden))).collect()
}

#[test]
fn check_prints_what_its_schema_says() {
    let documents = of_goldens("check");
    holds("check.json", &documents);
    let closes: Vec<_> = documents.iter().filter_map(|document| document["strict_closes"].as_u64()).collect();
    assert!(closes.iter().all(|closes| *closes > 0) && closes.len() >= 2, "{closes:?}");
}

#[test]
fn rules_prints_what_its_schema_says() {
    holds("rules.json", &of_goldens("rules"));
}

#[test]
fn audit_prints_what_its_schema_says() {
    let files = std::fs::read_dir(common::root().join("tests/audit")).expect("the directory can be read");
    let files = files.map(|entry| entry.expect("the directory can be read").path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let documents: Vec<_> = files.map(|file| json(&["audit"], &file)).collect();
    holds("audit.json", &documents);
    assert!(documents.iter().any(|document| document["unresolved"].as_array().is_some_and(|all| !all.is_empty())));
}

#[test]
fn why_prints_what_its_schema_says() {
    let ask = |arguments: &[&str], file: &str| json(&[&["why"], arguments].concat(), &common::root().join(file));
    let spec = |from, to| ask(&[from, to, "--spec"], "golden/default.hcl");
    let state = |from, to| ask(&[from, to, "--state"], "tests/audit/state.json");
    let plan = |from, to| ask(&[from, to, "--plan"], "tests/audit/foreign.json");
    let documents = [
        spec("k8s.pod", "k8s.api:6443"),
        spec("internet", "k8s.worker:22"),
        state("internet", "oci_core_subnet.open:22"),
        plan("internet", "oci_core_instance.web[0]:22"),
    ];
    holds("why.json", &documents);
    let results: Vec<_> = documents.iter().map(|document| document["result"].as_str().unwrap_or_default()).collect();
    assert_eq!(results[..2], ["allowed", "blocked"]);
    assert!(results.contains(&"unknown"), "{results:?}");
    assert_eq!(documents[1]["paths"][0]["passes"], "nothing");
}
