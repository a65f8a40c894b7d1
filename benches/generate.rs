//! What generation costs, in numbers that travel: time for the default stack
//! and for 200 clusters, and three ratios measured in the same run.
//!
//! `cargo bench` prints them; nothing fails on an absolute time.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a bench may panic, index and print")]

mod support;

use cloudspells::diagnostic::Source;
use criterion::Criterion;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{CLUSTERS, GROWTH, generate, growth, many, median, timed};

/// The whole process against `cp -r` of the files that it writes, taking
/// turns so that both meet the same machine.
fn process_against_copy(runs: usize) -> (Duration, Duration) {
    let program = env!("CARGO_BIN_EXE_cloudspells");
    let base = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    let quiet = |command: &mut Command| {
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).current_dir(base.path()).status();
        assert!(status.is_ok_and(|status| status.success()), "{command:?} failed");
    };
    let model = base.path().join("model");
    quiet(Command::new(program).args(["gen", "--out"]).arg(&model));
    let start = |command: &mut Command| {
        let start = Instant::now();
        quiet(command);
        start.elapsed()
    };
    let (mut ours, mut copies) = (Vec::new(), Vec::new());
    // A new directory each time: what is deleted between the runs would be
    // paid for by whoever syncs next.
    for run in 0..runs {
        ours.push(start(Command::new(program).args(["gen", "--out"]).arg(base.path().join(format!("out{run}")))));
        copies.push(start(Command::new("cp").arg("-r").arg(&model).arg(base.path().join(format!("copy{run}")))));
    }
    (median(ours), median(copies))
}

fn main() {
    let (one, all) = (many(1), many(CLUSTERS));
    let default = Source::file("bench.hcl", cloudspells::DEFAULT_SPEC);
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("default stack, spec to bytes in memory", |b| b.iter(|| generate(black_box(&default))));
    let mut group = criterion.benchmark_group("many");
    group.sample_size(10);
    group.bench_function("200 clusters, spec to bytes in memory", |b| b.iter(|| generate(black_box(&all))));
    group.finish();
    criterion.final_summary();

    let single = timed(200, || assert!(generate(black_box(&one)) > 0));
    let many = timed(10, || assert!(generate(black_box(&all)) > 0));
    let ratio = many.as_secs_f64() / single.as_secs_f64();
    println!("{CLUSTERS} clusters cost {ratio:.0} times one: {many:.1?} against {single:.2?} (target: 220 at most)");

    let (hundred, thousand) = (support::many(100), support::many(1000));
    let (ratio, small, large) = growth(&hundred, &thousand, 5, |source| assert!(generate(black_box(source)) > 0));
    let (target, most) = GROWTH;
    println!("1,000 stacks cost {ratio:.1} times 100: {large:.2?} against {small:.2?} (target: {target} at most)");
    assert!(ratio < most, "generation grows faster than the stack");

    let (ours, copy) = process_against_copy(50);
    let ratio = ours.as_secs_f64() / copy.as_secs_f64();
    println!(
        "`gen --out` costs {ratio:.2} times `cp -r` of its files: {ours:.2?} against {copy:.2?} (target: 3 at most)"
    );
}
