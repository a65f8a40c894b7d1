//! What proof costs: `check` of the default stack against its generation, and
//! how the full matrix grows with the stack.
//!
//! `cargo bench` prints them; nothing fails on an absolute time.

#![allow(clippy::restriction, clippy::disallowed_methods, reason = "a bench may panic, index and print")]

#[path = "support/state.rs"]
mod state;
mod support;

use cloudspells::Profiles;
use cloudspells::diagnostic::Source;
use cloudspells::prove::Report;
use criterion::Criterion;
use std::hint::black_box;
use support::{CLUSTERS, GROWTH, generate, growth, many, timed};

/// All that `check` does but printing: the proofs of the stack as it is, and
/// of what it would be as a strict one.
fn check(source: &Source) -> usize {
    let model = |profiles| cloudspells::model(source, profiles).unwrap_or_else(|_| panic!("the spec is good")).value;
    let report = Report::new(&model(Profiles::AsWritten));
    report.closed_by(&Report::new(&model(Profiles::Strict))) + report.flows.len()
}

fn rules(source: &Source) -> usize {
    let rules = cloudspells::rules(source).unwrap_or_else(|_| panic!("the spec is good"));
    rules.value.iter().map(|table| table.rules.len()).sum()
}

/// From text to report.
fn audit(text: &str) -> usize {
    let subject = cloudspells::audit::read(text).unwrap_or_else(|problem| panic!("{problem}"));
    assert!(subject.unknowns.is_empty(), "{:?}", subject.unknowns);
    Report::new(&subject.into_model()).exposures.len()
}

/// An audit of 10,000 rules against one of 2,500: in a VCN for each hundred,
/// and all in one, where each of four times the subnets may reach each.
fn audits() {
    let (small, large) = (25, 100);
    for (name, one_vcn) in [("in many VCNs", false), ("in one VCN", true)] {
        let time = |stacks, runs| {
            let text = state::state(stacks, one_vcn);
            let time = timed(runs, || assert!(audit(black_box(&text)) > 0));
            let (rules, size) = (state::rules(stacks), text.len() / 1000);
            println!("audit of {rules} rules {name}: {time:.1?} for {size} KB of JSON");
            time.as_secs_f64()
        };
        let ratio = time(large, 5) / time(small, 10);
        // n log n from 2,500 to 10,000.
        println!("4 times the rules {name} cost {ratio:.1} times as much (target: 4.7 at most, which is n log n)");
    }
}

/// One list of rules that are all different, stateless and stateful: OCI has
/// 200 a direction, a file may say any number.
fn crowded() {
    for rules in [200, 500, 2000] {
        let text = state::crowded(rules);
        let time = timed(1, || assert!(audit(black_box(&text)) > 0));
        println!("audit of one list of {rules} rules each way: {time:.1?}");
    }
}

fn main() {
    let (one, quarter, all) = (many(1), many(CLUSTERS / 4), many(CLUSTERS));
    let default = Source::file("bench.hcl", cloudspells::DEFAULT_SPEC);
    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("check of the default stack", |b| b.iter(|| check(black_box(&default))));
    criterion.final_summary();

    let generation = timed(200, || assert!(generate(black_box(&default)) > 0));
    let proof = timed(200, || assert!(check(black_box(&default)) > 0));
    let ratio = proof.as_secs_f64() / generation.as_secs_f64();
    println!(
        "`check` costs {ratio:.2} times `gen` in memory: {proof:.2?} against {generation:.2?} (target: 2 at most)"
    );

    for (name, source, runs) in [("1 cluster", &one, 200), ("50 clusters", &quarter, 20), ("200 clusters", &all, 10)] {
        let model =
            cloudspells::model(source, Profiles::AsWritten).unwrap_or_else(|_| panic!("the spec is good")).value;
        let time = timed(runs, || assert!(!Report::new(black_box(&model)).flows.is_empty()));
        let (rules, endpoints) = (rules(source), model.network.groups.len());
        let per_rule = time.as_nanos() / u128::try_from(rules).unwrap_or(1);
        println!("full matrix of {name}: {time:.2?} for {rules} rules and {endpoints} groups, {per_rule} ns a rule");
    }
    let (ratio, small, large) = growth(&many(100), &many(1000), 5, |source| assert!(check(black_box(source)) > 0));
    let (target, most) = GROWTH;
    println!(
        "check of 1,000 stacks costs {ratio:.1} times 100: {large:.2?} against {small:.2?} (target: {target} at most)"
    );
    assert!(ratio < most, "proof grows faster than the stack");
    audits();
    crowded();
}
