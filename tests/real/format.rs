//! What is written is exactly what `tofu fmt` would write: on the goldens,
//! and on specs of every kind.

use crate::common::strategy::{sample, spec};
use crate::common::tools::tools;
use crate::common::{generate_text, root, write_files};

/// Specs in the generated variety.
const VARIETY: usize = 150;

#[test]
fn tofu_fmt_leaves_the_goldens_alone() {
    for tool in tools("fmt of the goldens") {
        tool.succeeds(&root(), &["fmt", "-check", "-recursive", "-diff", "golden"]);
    }
}

#[test]
fn tofu_fmt_leaves_any_generated_module_alone() {
    let tools = tools("fmt of generated variety");
    if tools.is_empty() {
        return;
    }
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (number, text) in sample(spec(), VARIETY).into_iter().enumerate() {
        let module = directory.path().join(format!("{number:03}"));
        write_files(&generate_text(&text), &module);
        std::fs::write(module.join("spec"), text).expect("written");
    }
    for tool in &tools {
        tool.succeeds(directory.path(), &["fmt", "-check", "-recursive", "-diff"]);
    }
}

#[test]
fn a_module_that_tofu_fmt_would_change_is_noticed() {
    for tool in tools("fmt of a badly laid out file") {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("a.tf"), "locals {\n  a = 1\n  long = 2\n}\n").expect("written");
        assert!(!tool.run(directory.path(), &["fmt", "-check"]).status.success());
    }
}
