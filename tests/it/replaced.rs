//! `gen` warns of what a change of the spec replaces: of all that OpenTofu plans
//! to replace, and of nothing else.

use crate::common::home::Home;
use crate::common::root;
use std::collections::BTreeSet;
use std::fs;

/// The addresses that a plan of `tests/changes` replaces.
fn planned(plan: &str) -> BTreeSet<String> {
    let words = plan.lines().filter_map(|line| line.strip_prefix("REPLACE "));
    // Of a block with a `count` it is the block that is replaced.
    words.map(|rest| rest.split([' ', '[']).next().expect("an address").to_owned()).collect()
}

#[test]
fn a_diff_warns_of_what_a_plan_replaces_and_of_nothing_else() {
    let mut replacing = 0;
    for pair in fs::read_dir(root().join("tests/changes")).expect("tests/changes") {
        let pair = pair.expect("a folder").path();
        let name = pair.file_name().expect("a name").to_string_lossy().into_owned();
        let read = |file: &str| fs::read_to_string(pair.join(file)).unwrap_or_default();
        if !read("before.overlay.hcl").is_empty() {
            continue;
        }
        let home = Home::with(&read("before.hcl"));
        home.fine("gen --out infra");
        home.write("cloudspells.hcl", read("after.hcl"));
        for mode in ["--diff", "--dry-run", ""] {
            let said = home.run(&format!("gen --out infra {mode}")).stderr;
            let lines: Vec<_> = said.lines().skip_while(|line| !line.starts_with("warning: this replaces ")).collect();
            let mut warned = BTreeSet::new();
            for line in lines {
                if let Some(rest) = line.strip_prefix("warning: this replaces ") {
                    warned.insert(rest.split(':').next().expect("an address").to_owned());
                } else if let Some(rest) = line.trim().strip_prefix("destroyed and made again with it: ") {
                    warned.extend(rest.split(", ").map(str::to_owned));
                }
            }
            assert_eq!(warned, planned(&read("plan.txt")), "{name} {mode}: {said}");
            replacing += usize::from(!warned.is_empty());
        }
    }
    assert!(replacing >= 9, "some changes replace something");
}
