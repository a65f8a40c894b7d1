//! The prover's engine, which computes with sets, against an oracle that
//! looks at one packet at a time: they agree about every packet asked about,
//! on thousands of random networks. `PROVE_CASES` sets how many.

use crate::oracle;
use crate::oracle::probe::Probe;
use crate::oracle::run::{case_count, runner};
use crate::oracle::twist::TWISTS;
use crate::oracle::world::worlds;
use crate::oracle::{Address, Denied, Way, decide, describe};
use cloudspells::prove::network::{Endpoint, Network};
use cloudspells::prove::{self, Engine, Reach, Region};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{TestCaseError, TestError};
use std::collections::BTreeMap;

fn as_the_engine_has_it(probe: &Probe) -> prove::Packet {
    let address = |address| match address {
        Address::V4(address) => prove::Address::V4(address.into()),
        Address::ObjectStorage => prove::Address::ObjectStorage,
        Address::OtherService => prove::Address::OtherService,
    };
    let oracle::Packet { from, to, protocol, source_port, port } = probe.packet;
    prove::Packet { from: address(from), to: address(to), source_port, protocol, port }
}

/// The first packet that they do not agree about.
fn disagreement<'a>(network: &Network, probes: &'a [Probe]) -> Option<&'a Probe> {
    let engine = Engine::new(network);
    let mut reached: BTreeMap<(Endpoint, Endpoint), Reach> = BTreeMap::new();
    probes.iter().find(|probe| {
        let reach = reached.entry((probe.from, probe.to)).or_insert_with(|| engine.reach(probe.from, probe.to));
        let packet = as_the_engine_has_it(probe);
        let passes = decide(network, probe.from, probe.to, &probe.packet).is_ok();
        // Its regions are disjoint: whoever adds up their sizes relies on it.
        let alone = |region: &Region| Reach { regions: vec![region.clone()], is_bound: false }.contains(&packet);
        reach.contains(&packet) != passes || passes && reach.regions.iter().filter(|region| alone(region)).count() != 1
    })
}

#[test]
fn engine_and_oracle_agree() {
    let outcome =
        runner(case_count(10_000)).run(&worlds(), |world| match disagreement(&world.network, &world.probes) {
            None => Ok(()),
            Some(_) => Err(TestCaseError::fail("they disagree")),
        });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, world)) => {
            let Some(probe) = disagreement(&world.network, &world.probes) else { panic!("{reason}") };
            let network = oracle::reduce::smallest(&world.network, [probe.from, probe.to], |network| {
                disagreement(network, std::slice::from_ref(probe)).is_some()
            });
            let expected = decide(&network, probe.from, probe.to, &probe.packet);
            panic!(
                "engine and oracle disagree:\n\n{}\n{}\n  by the oracle it {}; the engine says otherwise, or says it twice\n",
                describe::network(&network),
                describe::probe(probe),
                describe::verdict(expected),
            );
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Without this the other test could agree about nothing but silence.
#[test]
fn the_networks_and_packets_exercise_everything() {
    const WORLDS: usize = 3500;
    let mut runner = runner(0);
    let strategy = worlds();
    let mut probes = 0;
    let mut outcomes: BTreeMap<Result<Way, Denied>, usize> = BTreeMap::new();
    let mut has = [0; TWISTS.len()];
    let mut decided = [0; TWISTS.len()];
    for _ in 0..WORLDS {
        let world = strategy.new_tree(&mut runner).expect("a world").current();
        let verdicts = |network: &Network| -> Vec<_> {
            world.probes.iter().map(|probe| decide(network, probe.from, probe.to, &probe.packet)).collect()
        };
        let plain = verdicts(&world.network);
        probes += plain.len();
        for verdict in &plain {
            *outcomes.entry(*verdict).or_default() += 1;
        }
        for (index, (_, twist)) in TWISTS.iter().enumerate() {
            let mut twisted = world.network.clone();
            twist(&mut twisted);
            if twisted != world.network {
                has[index] += 1;
                decided[index] += verdicts(&twisted).iter().zip(&plain).filter(|(a, b)| a.is_ok() != b.is_ok()).count();
            }
        }
    }

    let passed: usize = outcomes.iter().filter(|(outcome, _)| outcome.is_ok()).map(|(_, count)| count).sum();
    let mut report = format!("{probes} packets in {WORLDS} networks, of which {passed} pass\n");
    for (outcome, count) in &outcomes {
        report += &format!("{count:6}  {outcome:?}\n");
    }
    report += "decided, in networks that have it:\n";
    for (index, (name, _)) in TWISTS.iter().enumerate() {
        report += &format!("{:6}{:6}  {name}\n", decided[index], has[index]);
    }
    // Shown with `--nocapture`.
    println!("{report}");

    assert!(probes >= 20 * WORLDS, "{report}");
    assert!(passed * 20 >= probes && (probes - passed) * 20 >= probes, "5 % pass, 5 % do not:\n{report}");
    let outcome_count = 9 + 13;
    assert_eq!(outcomes.len(), outcome_count, "every outcome occurs:\n{report}");
    assert!(outcomes.values().all(|count| *count >= 100), "every outcome occurs often:\n{report}");
    assert!(decided.iter().all(|count| *count >= 30), "everything decides now and then:\n{report}");
    assert!(has.iter().all(|count| count * 10 >= WORLDS), "a tenth of the networks has each:\n{report}");
}
