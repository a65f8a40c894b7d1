//! What a change of the spec does to a stack that lives: the plan between
//! `tests/changes/NAME/before.hcl` and `after.hcl` is `plan.txt`, exactly. Nothing
//! is replaced, but where NAME begins with `replace_`. `before.overlay.hcl` and
//! `after.overlay.hcl`, where they are, are laid over them.

use crate::common::life::{Stack, tools};
use crate::common::plan::summary;
use crate::common::tools::say;
use crate::common::{is_asked_for, root};
use cloudspells::Layout;
use cloudspells::diagnostic::{Origin, Source};
use std::fs;
use std::path::PathBuf;

const UPDATE: &str = "UPDATE_EXPECT=1 CLOUDSPELLS_E2E=require cargo test --test real changes";

fn pairs() -> Vec<PathBuf> {
    let mut pairs: Vec<_> = fs::read_dir(root().join("tests/changes"))
        .expect("tests/changes can be read")
        .map(|entry| entry.expect("tests/changes can be read").path())
        .collect();
    pairs.sort();
    assert!(pairs.len() >= 8, "pairs are missing");
    pairs.retain(|pair| is_asked_for(&pair.to_string_lossy()));
    pairs
}

fn changes_with(name: &str) {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    let tools = tools(&format!("changes of a stack that lives, with {name}"));
    let Some(tool) = tools.iter().find(|tool| tool.name == name) else {
        if !tools.is_empty() {
            say(&format!("skipped the changes with {name}: there is none on this machine"));
        }
        return;
    };
    for pair in pairs() {
        let name = pair.file_name().expect("a name").to_string_lossy().into_owned();
        let read = |file: &str| fs::read_to_string(pair.join(file)).unwrap_or_default();
        let source = |name: &str| {
            let source = Source::file("test.hcl", read(&format!("{name}.hcl")));
            match read(&format!("{name}.overlay.hcl")) {
                none if none.is_empty() => source,
                overlay => source.overlaid(Origin::File("test.overlay.hcl".to_owned()), &overlay),
            }
        };
        let stack = Stack::of(tool, &source("before"), Layout::Root);
        stack.apply();
        stack.change_to_source(&source("after"));
        let plan = summary(&stack.plan_json());
        let replaces = plan.contains("REPLACE");
        assert_eq!(replaces, name.starts_with("replace_"), "whether {name} replaces something:\n{plan}");
        if update {
            fs::write(pair.join("plan.txt"), &plan).expect("plan.txt can be written");
        } else if plan != read("plan.txt") {
            wrong.push(format!("{name} with {}:\n{plan}", tool.name));
        }
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        stack.destroy();
    }
    assert!(
        wrong.is_empty(),
        "plans that are not the plan.txt beside them:\n{}\nIf they are right: {UPDATE}",
        wrong.join("\n")
    );
}

#[test]
fn a_change_touches_what_a_person_expects_with_opentofu() {
    changes_with("tofu");
}

#[test]
fn a_change_touches_what_a_person_expects_with_terraform() {
    changes_with("terraform");
}
