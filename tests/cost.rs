//! What a large spec costs. Memory is counted, and only here: the count is of
//! the whole process, so that there is one test.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a test may panic, index and print")]

#[path = "../benches/support/specs.rs"]
mod specs;
#[path = "../benches/support/state.rs"]
#[allow(dead_code, reason = "benches use the rest")]
mod state;

use cloudspells::prove::Report;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn what_is_large_costs_little_memory() {
    a_stack_never_stands_in_memory_as_a_tree();
    a_list_of_thousands_of_rules_is_bounded();
}

fn a_stack_never_stands_in_memory_as_a_tree() {
    let source = specs::many(50);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let text = specs::generate(&source);
    let peak = MEMORY.peak_usage() - before;
    // The text itself, and what is needed to make the largest file of it.
    assert!(peak < text * 5 / 2, "{peak} bytes of memory for {text} bytes of text");
}

/// OCI has 200 rules a list and direction; a file may say anything.
fn a_list_of_thousands_of_rules_is_bounded() {
    for rules in [2_000, 8_000] {
        let text = state::crowded(rules);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let subject = cloudspells::audit::read(&text).unwrap();
        let report = Report::new(&subject.into_model());
        let peak = MEMORY.peak_usage() - before;
        assert!(!report.exposures.is_empty(), "what can't be added up is possible, never nothing");
        assert!(peak < 400 << 20, "{peak} bytes of memory for {rules} rules each way");
    }
}
