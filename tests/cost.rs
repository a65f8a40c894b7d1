//! What a large spec costs. Memory is counted, and only here: the count is of
//! the whole process, so that there is one test.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a test may panic, index and print")]

#[path = "../benches/support/specs.rs"]
mod specs;

use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

#[test]
fn a_large_stack_never_stands_in_memory_as_a_tree() {
    let source = specs::many(50);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let text = specs::generate(&source);
    let peak = MEMORY.peak_usage() - before;
    // The text itself, and what is needed to make the largest file of it.
    assert!(peak < text * 5 / 2, "{peak} bytes of memory for {text} bytes of text");
}
