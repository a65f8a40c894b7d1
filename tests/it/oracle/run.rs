//! How the random tests run.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The same networks in every run.
pub fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// How many, unless `PROVE_CASES` says.
pub fn case_count(default: u32) -> u32 {
    std::env::var("PROVE_CASES").map_or(default, |text| text.parse().expect("PROVE_CASES is a number"))
}
