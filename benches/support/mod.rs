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

/// How many times a tenth of the stacks all of them cost: each run of the one
/// beside a run of the other, so that both meet the same machine.
pub fn growth(tenth: &Source, all: &Source, runs: usize, mut run: impl FnMut(&Source)) -> (f64, Duration, Duration) {
    let mut time = |source: &Source| {
        let start = Instant::now();
        run(source);
        start.elapsed()
    };
    let (mut small, mut large) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        small.extend((0..10).map(|_| time(tenth)));
        large.push(time(all));
    }
    let (small, large) = (median(small), median(large));
    (large.as_secs_f64() / small.as_secs_f64(), small, large)
}

/// What growth from 100 to 1,000 stacks is aimed at, and what fails: between
/// them is what a busy machine adds.
pub const GROWTH: (f64, f64) = (11.0, 14.0);
