//! Specs to measure with, and how time is taken.

mod specs;

use cloudspells::diagnostic::Source;
pub use specs::{generate, many};
use std::time::{Duration, Instant};

pub const CLUSTERS: usize = 200;

pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

pub fn timed(runs: usize, mut run: impl FnMut()) -> Duration {
    median(
        (0..runs)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .collect(),
    )
}

/// How many times a tenth of the stacks all of them cost. Ten runs of the one
/// take turns with a run of the other, and are timed as one, so that a busy
/// machine is as hard on both.
pub fn growth(tenth: &Source, all: &Source, runs: usize, mut run: impl FnMut(&Source)) -> (f64, Duration, Duration) {
    let mut time = |source: &Source, times: usize| {
        let start = Instant::now();
        (0..times).for_each(|_| run(source));
        start.elapsed()
    };
    let mut rounds: Vec<_> = (0..runs).map(|_| (time(tenth, 10) / 10, time(all, 1))).collect();
    let ratio = |(small, large): &(Duration, Duration)| large.as_secs_f64() / small.as_secs_f64();
    rounds.sort_by(|a, b| ratio(a).total_cmp(&ratio(b)));
    let (small, large) = rounds[rounds.len() / 2];
    (ratio(&(small, large)), small, large)
}

/// What growth from 100 to 1,000 stacks is aimed at, and what fails: between
/// them is what a busy machine adds.
pub const GROWTH: (f64, f64) = (11.0, 14.0);
