//! Every row of the table of refusals is tripped, by at least one request
//! that is right but for one thing.

mod cluster;
mod deletion;
mod network;
mod pool;
mod request;
mod rule;

use oci_sim::refusals::{ALL, Row};
use serde_json::json;

use crate::client::{Reply, World};
use crate::stack::Stack;

/// A refusal, and a request that is refused so.
type Case = (Row, fn(&World, &Stack) -> Reply);

/// All cases, by what they are about.
const TABLES: [(&str, &[Case]); 6] = [
    ("request", request::CASES),
    ("network", network::CASES),
    ("rule", rule::CASES),
    ("deletion", deletion::CASES),
    ("cluster", cluster::CASES),
    ("pool", pool::CASES),
];

/// Refusals that come as failed work, each with a test in `pool`.
const FAILED_WORK: [Row; 1] = [oci_sim::refusals::SUBNET_FULL];

#[test]
fn every_row_of_the_table_is_tripped() {
    let tripped: Vec<&str> = TABLES
        .iter()
        .flat_map(|(_, cases)| cases.iter().map(|(row, _)| row.name))
        .chain(FAILED_WORK.iter().map(|row| row.name))
        .collect();
    let missing: Vec<&str> = ALL.iter().map(|row| row.name).filter(|name| !tripped.contains(name)).collect();
    assert!(missing.is_empty(), "refusals that no case trips: {missing:?}");
}

#[test]
fn each_refusal_answers_in_the_shape_of_oci() {
    let mut wrong = Vec::new();
    for (about, (row, trip)) in TABLES.iter().flat_map(|(about, cases)| cases.iter().map(move |case| (about, case))) {
        let mut world = World::new();
        world.sim.forgive_unknown_requests();
        let stack = Stack::network(&world);
        let before = world.sim.refusals().len();
        let reply = trip(&world, &stack);
        let refused = world.sim.refusals();
        let fits = reply.status == row.status
            && reply.body["code"] == json!(row.code)
            && reply.body["message"].as_str().is_some_and(|message| !message.is_empty())
            && reply.header("opc-request-id").is_some()
            && refused[before..] == [row.name];
        if !fits {
            wrong.push(format!(
                "{about} {}: {} {}, refusals {:?}",
                row.name,
                reply.status,
                reply.body,
                &refused[before..]
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
