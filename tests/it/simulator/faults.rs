//! What goes wrong when a test asks for it.

use std::time::{Duration, Instant};

use oci_sim::{Effect, Fault};
use serde_json::{Value, json};

use super::client::{COMPARTMENT, CORE, ENGINE, World};
use super::stack::Stack;

fn vcn() -> Value {
    json!({ "compartmentId": COMPARTMENT, "cidrBlock": "10.0.0.0/16" })
}

fn vcns() -> String {
    format!("{CORE}/vcns")
}

#[test]
fn a_status_comes_once_and_nothing_is_done() {
    for (status, code) in [(429, "TooManyRequests"), (500, "InternalServerError"), (503, "ServiceUnavailable")] {
        let world = World::new();
        world.sim.fault(Fault::status("POST", "/20160918/vcns", status));
        let refused = world.post(&vcns(), vcn());
        assert_eq!((refused.status, &refused.body["code"]), (status, &json!(code)));
        assert_eq!(refused.header("retry-after"), None);
        assert!(world.sim.is_empty());
        world.post(&vcns(), vcn()).ok();
    }
}

#[test]
fn a_429_may_say_when_to_come_back() {
    let world = World::new();
    world.sim.fault(Fault::status("POST", "/20160918/vcns", 429).retry_after(3));
    assert_eq!(world.post(&vcns(), vcn()).header("retry-after"), Some("3"));
}

#[test]
fn a_fault_strikes_the_nth_call_as_often_as_asked() {
    let world = World::new();
    world.sim.fault(Fault::status("*", "/20160918/*", 503).nth(2).times(2));
    let statuses: Vec<u16> = (0..4).map(|_| world.get(&format!("{CORE}/services")).status).collect();
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert_eq!(world.sim.waiting_faults(), 0);
}

#[test]
fn a_fault_strikes_only_what_it_is_for() {
    let world = World::new();
    world.sim.fault(Fault::status("GET", "/20180222/nodePools/*", 500));
    world.sim.fault(Fault::status("POST", "/20160918/*/actions/addSecurityRules", 500));
    assert_eq!(world.get(&format!("{CORE}/services")).status, 200);
    let stack = Stack::network(&world);
    let path = format!("{CORE}/networkSecurityGroups/{}/actions/addSecurityRules", stack.api);
    assert_eq!(world.post(&path, json!({ "securityRules": [] })).status, 500);
    assert_eq!(world.post(&path, json!({ "securityRules": [] })).status, 200);
}

#[test]
fn faults_can_be_taken_back() {
    let world = World::new();
    world.sim.fault(Fault::status("*", "*", 500).times(9));
    assert_eq!(world.sim.waiting_faults(), 1);
    world.sim.clear_faults();
    assert_eq!(world.get(&format!("{CORE}/services")).status, 200);
}

#[test]
fn a_connection_ends_before_anything_is_done() {
    let world = World::new();
    world.sim.fault(Fault::on("POST", "/20160918/vcns", Effect::Drop));
    assert!(world.send("POST", &vcns(), &[], Some(vcn())).is_err());
    assert!(world.sim.is_empty());
    assert_eq!(world.sim.requests()[0].status, 0);
}

/// The hard one: the client can't know. With its retry token it finds out.
#[test]
fn a_connection_ends_after_the_change_was_made() {
    let world = World::new();
    world.sim.fault(Fault::on("POST", "/20160918/vcns", Effect::DropAfter));
    let create = || world.send("POST", &vcns(), &[("opc-retry-token", "token-1")], Some(vcn()));
    assert!(create().is_err());
    let made = world.sim.state()["vcns"][0]["id"].as_str().expect("a VCN").to_owned();
    assert_eq!(create().expect("an answer").id(), made);
    assert_eq!(world.sim.state()["vcns"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_cluster_whose_creation_fails_is_left_to_be_deleted() {
    let world = World::new();
    let stack = Stack::network(&world);
    world.sim.fault(Fault::on("POST", "/20180222/clusters", Effect::FailWork));
    let (request, status) = world.poll(world.make_cluster(stack.cluster()));
    assert_eq!(status, "FAILED");
    let work = world.get(&format!("{ENGINE}/workRequests/{request}")).ok();
    let errors = world.get(&format!("{ENGINE}/workRequests/{request}/errors?compartmentId={COMPARTMENT}")).ok();
    assert_eq!(errors.as_array().map(Vec::len), Some(1));
    let cluster = work["resources"][0]["identifier"].as_str().expect("a cluster").to_owned();
    assert_eq!(world.get(&format!("{ENGINE}/clusters/{cluster}")).ok()["lifecycleState"], "FAILED");
    world.work(world.delete(&format!("{ENGINE}/clusters/{cluster}")));
    assert_eq!(world.sim.state()["clusters"], json!([]));
}

#[test]
fn a_change_that_fails_changes_nothing() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    world.sim.fault(Fault::on("PUT", "/20180222/clusters/*", Effect::FailWork));
    let path = format!("{ENGINE}/clusters/{cluster}");
    assert_eq!(world.poll(world.put(&path, json!({ "kubernetesVersion": "v1.33.1" }))).1, "FAILED");
    let seen = world.get(&path).ok();
    assert_eq!((&seen["kubernetesVersion"], &seen["lifecycleState"]), (&json!("v1.32.1"), &json!("ACTIVE")));
}

#[test]
fn a_deletion_that_fails_deletes_nothing() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    world.sim.fault(Fault::on("DELETE", "/20180222/clusters/*", Effect::FailWork));
    let path = format!("{ENGINE}/clusters/{cluster}");
    assert_eq!(world.poll(world.delete(&path)).1, "FAILED");
    assert_eq!(world.get(&path).ok()["lifecycleState"], "ACTIVE");
}

#[test]
fn an_answer_may_be_late() {
    let world = World::new();
    world.sim.fault(Fault::on("GET", "/20160918/services", Effect::Delay(Duration::from_millis(200))));
    let before = Instant::now();
    assert_eq!(world.get(&format!("{CORE}/services")).status, 200);
    assert!(before.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_cluster_that_was_begun_unheard_is_not_begun_again() {
    let world = World::new();
    let stack = Stack::network(&world);
    world.sim.fault(Fault::on("POST", "/20180222/clusters", Effect::DropAfter));
    let mut body = stack.cluster();
    body["compartmentId"] = json!(COMPARTMENT);
    let create = || {
        let headers = [("opc-retry-token", "token-1")];
        world.send("POST", &format!("{ENGINE}/clusters"), &headers, Some(body.clone()))
    };
    assert!(create().is_err());
    world.work(create().expect("an answer"));
    assert_eq!(world.sim.state()["clusters"].as_array().map(Vec::len), Some(1));
}

#[test]
fn any_status_can_be_asked_for() {
    let world = World::new();
    for (status, code) in [
        (400, "InvalidParameter"),
        (401, "NotAuthenticated"),
        (404, "NotAuthorizedOrNotFound"),
        (409, "IncorrectState"),
        (412, "NoEtagMatch"),
    ] {
        world.sim.fault(Fault::status("GET", "/20160918/services", status));
        let reply = world.get(&format!("{CORE}/services"));
        assert_eq!((reply.status, &reply.body["code"]), (status, &json!(code)));
    }
}
