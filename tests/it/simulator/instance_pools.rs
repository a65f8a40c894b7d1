//! Instance pools, and who else changes their size.

use serde_json::{Value, json};

use super::client::{COMPARTMENT, CORE, World, but};
use super::stack::Stack;

/// How many instances there are, and how many VNICs.
fn counts(world: &World) -> [usize; 2] {
    ["instances", "vnics"].map(|collection| world.sim.state()[collection].as_array().map_or(0, Vec::len))
}

fn domains(world: &World) -> Vec<Value> {
    let state = world.sim.state();
    state["instances"].as_array().expect("a list").iter().map(|one| one["availabilityDomain"].clone()).collect()
}

#[test]
fn a_pool_has_the_instances_that_it_wants_where_it_wants_them() {
    let world = World::new();
    let stack = Stack::network(&world);
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = world.make("instancePools", stack.instance_pool(&world, &configuration)).ok();
    assert_eq!(pool["lifecycleState"], "PROVISIONING");
    let path = format!("{CORE}/instancePools/{}", pool["id"].as_str().expect("an id"));
    assert_eq!(world.get(&path).ok()["lifecycleState"], "RUNNING");
    assert_eq!(counts(&world), [2, 2]);
    assert_eq!(domains(&world), world.domains()[..2]);
    let members = world.get(&format!("{path}/instances?compartmentId={COMPARTMENT}")).ok();
    assert_eq!(members.as_array().map(Vec::len), Some(2));

    assert_eq!(world.put(&path, json!({ "size": 5 })).ok()["lifecycleState"], "SCALING");
    assert_eq!(counts(&world), [5, 5]);
    // One that somebody terminates is replaced.
    let first = world.sim.state()["instances"][0]["id"].as_str().expect("an id").to_owned();
    world.delete(&format!("{CORE}/instances/{first}")).ok();
    assert_eq!(counts(&world), [5, 5]);
    world.put(&path, json!({ "size": 1 })).ok();
    assert_eq!(counts(&world), [1, 1]);
    world.delete(&path).ok();
    assert_eq!(counts(&world), [0, 0]);
    world.delete(&format!("{CORE}/instanceConfigurations/{configuration}")).ok();
}

#[test]
fn instances_stay_as_they_were_made_when_the_configuration_is_another() {
    let world = World::new();
    let stack = Stack::network(&world);
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = world.make("instancePools", stack.instance_pool(&world, &configuration)).id();
    let larger =
        json!({ "instanceDetails": { "launchDetails": { "shapeConfig": { "ocpus": 2, "memoryInGBs": 16 } } } });
    let larger = world.make("instanceConfigurations", but(stack.configuration(), larger)).id();
    let path = format!("{CORE}/instancePools/{pool}");
    world.put(&path, json!({ "instanceConfigurationId": larger, "size": 3 })).ok();
    let state = world.sim.state();
    let ocpus: Vec<_> = (0..3).map(|at| state["instances"][at]["shapeConfig"]["ocpus"].clone()).collect();
    assert_eq!(ocpus, [1, 1, 2]);
    world.delete(&format!("{CORE}/instanceConfigurations/{configuration}")).ok();
}

#[test]
fn an_autoscaler_starts_with_its_initial_size_and_stays_in_its_bounds() {
    let world = World::new();
    let stack = Stack::network(&world);
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = world.make("instancePools", stack.instance_pool(&world, &configuration)).id();
    world.make_autoscaling(stack.autoscaling(&pool)).ok();
    let size = || world.sim.state()["instancePools"][0]["size"].clone();
    assert_eq!(size(), 3);
    world.sim.autoscale(&pool, 6);
    assert_eq!(size(), 6);
    assert_eq!(counts(&world), [6, 6]);
    world.delete(&format!("{CORE}/instancePools/{pool}")).ok();
    assert_eq!(world.sim.state()["autoScalingConfigurations"], json!([]), "it goes with its pool");
}

#[test]
#[should_panic = "no policy of its autoscaling configuration comes to 7"]
fn a_test_can_ask_an_autoscaler_for_nothing_that_it_would_not_do() {
    let world = World::new();
    let stack = Stack::network(&world);
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = world.make("instancePools", stack.instance_pool(&world, &configuration)).id();
    world.make_autoscaling(stack.autoscaling(&pool)).ok();
    world.sim.autoscale(&pool, 7);
}
