//! Every row of the table of refusals is tripped, by at least one request
//! that is right but for one thing.

mod balancer;
mod cluster;
mod compute;
mod deletion;
mod instance_pool;
mod network;
mod pool;
mod request;
mod rule;

use oci_sim::refusals::{ALL, Row};
use serde_json::json;

use crate::simulator::client::{Reply, World};
use crate::simulator::stack::Stack;

/// A refusal, and a request that is refused so.
type Case = (Row, fn(&World, &Stack) -> Reply);

/// Refusals that come as failed work, each with a test in `pool`.
const FAILED_WORK: [Row; 1] = [oci_sim::refusals::SUBNET_FULL];

#[test]
fn every_row_of_the_table_is_tripped() {
    let tables = [
        request::CASES,
        network::CASES,
        rule::CASES,
        deletion::CASES,
        cluster::CASES,
        pool::CASES,
        compute::CASES,
        instance_pool::CASES,
        balancer::CASES,
    ];
    let rows = tables.into_iter().flatten().map(|(row, _)| row).chain(&FAILED_WORK);
    let tripped: Vec<&str> = rows.map(|row| row.name).collect();
    let missing: Vec<&str> = ALL.iter().map(|row| row.name).filter(|name| !tripped.contains(name)).collect();
    assert!(missing.is_empty(), "refusals that no case trips: {missing:?}");
}

#[test]
fn requests_are_refused() {
    trip(request::CASES);
}

#[test]
fn networks_are_refused() {
    trip(network::CASES);
}

#[test]
fn rules_are_refused() {
    trip(rule::CASES);
}

#[test]
fn deletions_are_refused() {
    trip(deletion::CASES);
}

#[test]
fn clusters_are_refused() {
    trip(cluster::CASES);
}

#[test]
fn pools_are_refused() {
    trip(pool::CASES);
}

#[test]
fn instances_and_volumes_are_refused() {
    trip(compute::CASES);
}

#[test]
fn instance_pools_are_refused() {
    trip(instance_pool::CASES);
}

#[test]
fn load_balancers_are_refused() {
    trip(balancer::CASES);
}

/// Each case is refused by its row and no other, in OCI's shape.
fn trip(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (row, trip) in cases {
        let mut world = World::new();
        world.sim.forgive_unknown_requests();
        let stack = Stack::network(&world);
        let reply = trip(&world, &stack);
        let refused = world.sim.refusals();
        let fits = reply.status == row.status
            && reply.body["code"] == json!(row.code)
            && reply.body["message"].as_str().is_some_and(|message| !message.is_empty())
            && reply.header("opc-request-id").is_some()
            && refused == [row.name];
        if !fits {
            wrong.push(format!("{}: {} {}, refusals {refused:?}", row.name, reply.status, reply.body));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
