//! Refusals of the request itself, and of what every resource has.

use oci_sim::refusals::*;
use serde_json::{Map, Value, json};

use super::Case;
use crate::simulator::client::{COMPARTMENT, CORE, ENGINE, Reply, World, but};

fn vcn(world: &World, change: Value) -> Reply {
    world.make("vcns", but(json!({ "cidrBlock": "10.1.0.0/16" }), change))
}

fn tags(count: usize) -> Value {
    (0..count).map(|number| (format!("key{number}"), json!("value"))).collect::<Map<_, _>>().into()
}

pub const CASES: &[Case] = &[
    (UNKNOWN_REQUEST, |world, _| world.get("/20160918/drgs")),
    (UNKNOWN_REQUEST, |world, _| world.get("/")),
    (UNKNOWN_REQUEST, |world, _| world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}&colour=blue"))),
    (UNKNOWN_REQUEST, |world, stack| world.get(&format!("{CORE}/vcns/{}?colour=blue", stack.vcn))),
    (UNKNOWN_REQUEST, |world, _| world.get(&format!("{ENGINE}/clusterOptions/all?colour=blue"))),
    (NOT_FOUND, |world, _| world.get(&format!("{CORE}/vcns/ocid1.vcn.oc1..none"))),
    (NOT_FOUND, |world, _| world.get(&format!("{CORE}/services/ocid1.service.oc1..none"))),
    (NOT_FOUND, |world, _| world.delete(&format!("{ENGINE}/clusters/ocid1.cluster.oc1..none"))),
    (NOT_FOUND, |world, _| world.get(&format!("{ENGINE}/workRequests/none"))),
    (CANNOT_PARSE, |world, _| world.post(&format!("{CORE}/vcns"), json!("no object"))),
    (MISSING_PARAMETER, |world, stack| world.make("subnets", json!({ "vcnId": stack.vcn }))),
    (MISSING_PARAMETER, |world, _| world.post(&format!("{CORE}/vcns"), json!({ "cidrBlock": "10.1.0.0/16" }))),
    (MISSING_PARAMETER, |world, _| world.get(&format!("{CORE}/vcns"))),
    (MISSING_PARAMETER, |world, _| world.get(&format!("{CORE}/availabilityDomains"))),
    (UNKNOWN_FIELD, |world, _| vcn(world, json!({ "colour": "blue" }))),
    (UNKNOWN_FIELD, |world, stack| {
        world.make_cluster(but(stack.cluster(), json!({ "options": { "colour": "blue" } })))
    }),
    (WRONG_TYPE, |world, _| vcn(world, json!({ "dnsLabel": 7 }))),
    (WRONG_TYPE, |world, _| vcn(world, json!({ "freeformTags": ["a"] }))),
    (IMMUTABLE_FIELD, |world, stack| world.put(&format!("{CORE}/vcns/{}", stack.vcn), json!({ "dnsLabel": "other" }))),
    (IMMUTABLE_FIELD, |world, stack| {
        world.put(&format!("{CORE}/subnets/{}", stack.public), json!({ "prohibitPublicIpOnVnic": true }))
    }),
    (IMMUTABLE_FIELD, |world, stack| {
        let cluster = world.work(world.make_cluster(stack.cluster()));
        world.put(&format!("{ENGINE}/clusters/{cluster}"), json!({ "vcnId": stack.vcn }))
    }),
    (ETAG_MISMATCH, |world, stack| {
        let path = format!("{CORE}/vcns/{}", stack.vcn);
        world.send("DELETE", &path, &[("if-match", "stale")], None).expect("an answer")
    }),
    (RETRY_TOKEN_INVALIDATED, |world, _| {
        let create = |cidr: &str| {
            let body = json!({ "compartmentId": COMPARTMENT, "cidrBlock": cidr });
            world.send("POST", &format!("{CORE}/vcns"), &[("opc-retry-token", "once")], Some(body)).expect("an answer")
        };
        create("10.1.0.0/16").ok();
        create("10.2.0.0/16")
    }),
    (BAD_LIMIT, |world, _| world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}&limit=0"))),
    (BAD_LIMIT, |world, _| world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}&limit=1001"))),
    (BAD_PAGE, |world, _| world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}&page=guess"))),
    (BAD_COMPARTMENT, |world, _| vcn(world, json!({ "compartmentId": "ocid1.vcn.oc1..x" }))),
    (BAD_NAME_LENGTH, |world, _| vcn(world, json!({ "displayName": "x".repeat(256) }))),
    (BAD_NAME_LENGTH, |world, stack| world.make_cluster(but(stack.cluster(), json!({ "name": "" })))),
    (TOO_MANY_FREEFORM_TAGS, |world, _| vcn(world, json!({ "freeformTags": tags(11) }))),
    (TOO_MANY_DEFINED_TAGS, |world, _| vcn(world, json!({ "definedTags": { "Operations": tags(65) } }))),
    (BAD_TAG_KEY, |world, _| vcn(world, json!({ "freeformTags": { "two words": "x" } }))),
    (BAD_TAG_KEY, |world, _| vcn(world, json!({ "freeformTags": { "a.b": "x" } }))),
    (BAD_TAG_VALUE, |world, _| vcn(world, json!({ "freeformTags": { "key": "x".repeat(257) } }))),
    (UNKNOWN_WORD, |world, _| {
        world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}&sortBy=TIMECREATED&sortOrder=UP"))
    }),
    (UNKNOWN_WORD, |world, stack| world.make_cluster(but(stack.cluster(), json!({ "type": "FREE_CLUSTER" })))),
    (RELATED_NOT_FOUND, |world, _| world.make("natGateways", json!({ "vcnId": "ocid1.vcn.oc1..none" }))),
];
