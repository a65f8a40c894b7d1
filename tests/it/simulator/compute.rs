//! Instances and volumes, and what comes and goes with them.

use oci_sim::{Effect, Fault};
use serde_json::json;

use super::client::{COMPARTMENT, CORE, World};
use super::stack::{OL9, Stack};

#[test]
fn a_vnic_and_a_boot_volume_come_and_go_with_their_instance() {
    let world = World::new();
    let stack = Stack::network(&world);
    let instance = world.make("instances", stack.instance(&world)).ok();
    let id = instance["id"].as_str().expect("an id");
    assert_eq!(instance["lifecycleState"], "PROVISIONING");
    assert_eq!(world.get(&format!("{CORE}/instances/{id}")).ok()["lifecycleState"], "RUNNING");
    let query = format!("compartmentId={COMPARTMENT}&instanceId={id}");
    let attachment = world.get(&format!("{CORE}/vnicAttachments?{query}")).ok()[0].clone();
    let vnic = world.get(&format!("{CORE}/vnics/{}", attachment["vnicId"].as_str().expect("a VNIC"))).ok();
    assert_eq!(vnic["privateIp"], "10.0.0.2");
    assert_eq!(vnic["nsgIds"], json!([stack.worker]));
    assert!(vnic.get("publicIp").is_none());
    let domain = &world.domains()[0];
    let boot = world.get(&format!("{CORE}/bootVolumeAttachments?{query}&availabilityDomain={domain}")).ok();
    let boot = boot[0]["bootVolumeId"].as_str().expect("a boot volume").to_owned();
    assert_eq!(world.get(&format!("{CORE}/bootVolumes/{boot}")).ok()["sizeInGBs"], 60);

    assert_eq!(world.delete(&format!("{CORE}/instances/{id}")).status, 204);
    let state = world.sim.state();
    assert_eq!([&state["instances"], &state["vnics"], &state["bootVolumes"]], [&json!([]); 3]);
}

#[test]
fn a_boot_volume_that_is_preserved_stays_and_can_be_deleted() {
    let world = World::new();
    let stack = Stack::network(&world);
    let id = world.make("instances", stack.instance(&world)).id();
    world.delete(&format!("{CORE}/instances/{id}?preserveBootVolume=true")).ok();
    let boot = world.sim.state()["bootVolumes"][0]["id"].as_str().expect("it is left").to_owned();
    world.delete(&format!("{CORE}/bootVolumes/{boot}")).ok();
    assert_eq!(world.sim.state()["bootVolumes"], json!([]));
}

#[test]
fn work_that_fails_leaves_an_instance_as_it_was_and_launches_none() {
    let world = World::new();
    let stack = Stack::network(&world);
    let id = world.make("instances", stack.instance(&world)).id();
    world.sim.fault(Fault::on("PUT", "/20160918/instances/*", Effect::FailWork));
    let reply = world.put(&format!("{CORE}/instances/{id}"), json!({ "shapeConfig": { "ocpus": 4 } }));
    let work = reply.header("opc-work-request-id").expect("work").to_owned();
    let status = |_| world.get(&format!("{CORE}/workRequests/{work}")).ok()["status"].clone();
    assert_eq!((0..3).map(status).collect::<Vec<_>>(), ["IN_PROGRESS", "IN_PROGRESS", "FAILED"]);
    assert_eq!(world.get(&format!("{CORE}/workRequests/{work}/errors")).ok().as_array().map(Vec::len), Some(1));
    assert_eq!(world.sim.state()["instances"][0]["shapeConfig"]["ocpus"], 1);
    world.sim.fault(Fault::on("POST", "/20160918/instances", Effect::FailWork));
    let failed = world.make("instances", stack.instance(&world)).id();
    assert_eq!(world.get(&format!("{CORE}/instances/{failed}")).ok()["lifecycleState"], "TERMINATED");
}

#[test]
fn images_are_filtered_and_sorted_and_newer_ones_appear() {
    let world = World::new();
    let list = |query: &str| {
        let path = format!("{CORE}/images?compartmentId={COMPARTMENT}&operatingSystem=Oracle%20Linux&{query}");
        world.get(&path).ok().as_array().expect("a list").clone()
    };
    let newest = "operatingSystemVersion=9&shape=VM.Standard.E5.Flex&sortBy=TIMECREATED&sortOrder=DESC";
    assert_eq!(list(newest)[0]["id"], OL9);
    assert_eq!(list(newest).len(), 3);
    let arm = list("operatingSystemVersion=8&shape=VM.Standard.A1.Flex");
    assert!(arm.iter().all(|image| image["displayName"].as_str().is_some_and(|name| name.contains("-aarch64-"))));
    world.sim.publish_images("2026.10.31");
    assert_eq!(list(newest)[0]["displayName"], "Oracle-Linux-9.6-2026.10.31-0");
}
