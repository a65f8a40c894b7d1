//! How much memory generation takes at most, for the bytes that it makes. By
//! itself: counting costs time.
//!
//! `cargo bench` prints it; nothing fails on an absolute number.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a bench may panic, index and print")]

#[path = "support/specs.rs"]
mod specs;

use peak_alloc::PeakAlloc;
use specs::{generate, many};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    for stacks in [100, 1000] {
        let source = many(stacks);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let text = generate(&source);
        let peak = MEMORY.peak_usage() - before;
        let (ratio, mib) = (peak as f64 / text as f64, peak >> 20);
        println!("{stacks} stacks: {mib} MiB of memory, {ratio:.2} times the text (target: 2.2 at most)");
        assert!(ratio < 2.5, "more than the text stands in memory");
    }
}
