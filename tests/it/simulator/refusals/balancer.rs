//! Refusals of load balancers of both kinds.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{BALANCERS, CORE, NETWORK_BALANCERS, Reply, World, but};
use crate::simulator::stack::Stack;

fn make(world: &World, stack: &Stack, change: Value) -> Reply {
    world.make_balancer(BALANCERS, but(stack.balancer(), change))
}

/// The path of a load balancer that exists.
fn path(world: &World, stack: &Stack) -> String {
    format!("{BALANCERS}/{}", world.balanced(make(world, stack, json!({}))))
}

fn backends() -> Value {
    json!({ "name": "web", "policy": "ROUND_ROBIN", "healthChecker": { "protocol": "HTTP", "urlPath": "/" } })
}

fn listener() -> Value {
    json!({ "name": "http", "defaultBackendSetName": "web", "port": 80, "protocol": "HTTP" })
}

fn rules(item: Value) -> Value {
    let condition = json!({ "attributeName": "PATH", "attributeValue": "/", "operator": "PREFIX_MATCH" });
    let redirect = json!({ "action": "REDIRECT", "responseCode": 301, "conditions": [condition], "redirectUri": {} });
    json!({ "name": "https", "items": [but(redirect, item)] })
}

/// A part of a load balancer that has a backend set already.
fn part(world: &World, stack: &Stack, collection: &str, body: Value) -> Reply {
    let path = path(world, stack);
    world.balanced(world.post(&format!("{path}/backendSets"), backends()));
    world.post(&format!("{path}/{collection}"), body)
}

fn health(world: &World, stack: &Stack, change: Value) -> Reply {
    let body = but(backends(), json!({ "healthChecker": change }));
    let path = path(world, stack);
    world.post(&format!("{path}/backendSets"), body)
}

fn listen(world: &World, stack: &Stack, change: Value) -> Reply {
    part(world, stack, "listeners", but(listener(), change))
}

fn shape(least: u32, most: u32) -> Value {
    json!({ "shapeDetails": { "minimumBandwidthInMbps": least, "maximumBandwidthInMbps": most } })
}

/// A pool that is attached to a port of a backend set of a load balancer.
fn attach(world: &World, stack: &Stack, change: Value) -> Reply {
    let path = path(world, stack);
    world.balanced(world.post(&format!("{path}/backendSets"), backends()));
    let id = path.rsplit('/').next().expect("an OCID");
    let body = json!({ "loadBalancerId": id, "backendSetName": "web", "port": 80, "vnicSelection": "PrimaryVnic" });
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = stack.instance_pool(world, &configuration);
    world.make("instancePools", but(pool, json!({ "loadBalancers": [but(body, change)] })))
}

pub const CASES: &[Case] = &[
    (RELATED_NOT_FOUND, |world, stack| make(world, stack, json!({ "subnetIds": ["ocid1.subnet.oc1..none"] }))),
    (BALANCER_SUBNETS, |world, stack| {
        let other = world.make("subnets", json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/24" })).id();
        make(world, stack, json!({ "subnetIds": [stack.public, other] }))
    }),
    (PUBLIC_IP_PROHIBITED, |world, stack| make(world, stack, json!({ "subnetIds": [stack.private] }))),
    (PUBLIC_IP_PROHIBITED, |world, stack| {
        world.make_balancer(NETWORK_BALANCERS, but(stack.network_balancer(), json!({ "isPrivate": false })))
    }),
    (TOO_MANY_NSGS, |world, stack| {
        let nsg = |_| world.make("networkSecurityGroups", json!({ "vcnId": stack.vcn })).id();
        make(world, stack, json!({ "networkSecurityGroupIds": (0..6).map(nsg).collect::<Vec<_>>() }))
    }),
    (BALANCER_SHAPE, |world, stack| make(world, stack, json!({ "shapeName": "huge", "shapeDetails": null }))),
    (BALANCER_SHAPE, |world, stack| make(world, stack, json!({ "shapeName": "100Mbps" }))),
    (MISSING_PARAMETER, |world, stack| make(world, stack, json!({ "shapeDetails": null }))),
    (BALANCER_BANDWIDTH, |world, stack| make(world, stack, shape(9, 100))),
    (BALANCER_BANDWIDTH, |world, stack| make(world, stack, shape(10, 8001))),
    (BALANCER_BANDWIDTH, |world, stack| make(world, stack, shape(200, 100))),
    (BALANCER_BANDWIDTH, |world, stack| {
        world.put(
            &format!("{}/updateShape", path(world, stack)),
            but(shape(200, 100), json!({ "shapeName": "flexible" })),
        )
    }),
    (BALANCER_PROTECTED, |world, stack| {
        let id = world.balanced(make(world, stack, json!({ "isDeleteProtectionEnabled": true })));
        world.delete(&format!("{BALANCERS}/{id}"))
    }),
    (IMMUTABLE_FIELD, |world, stack| world.put(&path(world, stack), json!({ "subnetIds": [stack.private] }))),
    (SUBNET_IN_USE, |world, stack| {
        path(world, stack);
        world.delete(&format!("{CORE}/subnets/{}", stack.public))
    }),
    (NSG_IN_USE, |world, stack| {
        path(world, stack);
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.api))
    }),
    (BALANCER_PART_NAME, |world, stack| part(world, stack, "backendSets", but(backends(), json!({ "name": "a b" })))),
    (BALANCER_PART_NAME, |world, stack| {
        part(world, stack, "backendSets", but(backends(), json!({ "name": "a".repeat(33) })))
    }),
    (BALANCER_PART_EXISTS, |world, stack| part(world, stack, "backendSets", backends())),
    (UNKNOWN_WORD, |world, stack| {
        part(world, stack, "backendSets", but(backends(), json!({ "name": "b", "policy": "FIVE_TUPLE" })))
    }),
    (BAD_HEALTH_CHECK, |world, stack| health(world, stack, json!({ "urlPath": null }))),
    (BAD_HEALTH_CHECK, |world, stack| health(world, stack, json!({ "port": 65_536 }))),
    (BAD_HEALTH_CHECK, |world, stack| health(world, stack, json!({ "intervalInMillis": 999 }))),
    (BAD_HEALTH_CHECK, |world, stack| health(world, stack, json!({ "retries": 0 }))),
    (BAD_HEALTH_CHECK, |world, stack| health(world, stack, json!({ "timeoutInMillis": 600_001 }))),
    (UNKNOWN_BALANCER_PART, |world, stack| listen(world, stack, json!({ "defaultBackendSetName": "none" }))),
    (UNKNOWN_BALANCER_PART, |world, stack| listen(world, stack, json!({ "ruleSetNames": ["none"] }))),
    (UNKNOWN_BALANCER_PART, |world, stack| {
        listen(world, stack, json!({ "sslConfiguration": { "certificateName": "none" } }))
    }),
    (BAD_PORT, |world, stack| listen(world, stack, json!({ "port": 0 }))),
    (IDLE_TIMEOUT, |world, stack| listen(world, stack, json!({ "connectionConfiguration": { "idleTimeout": 7201 } }))),
    (LISTENER_NEEDS_SSL, |world, stack| listen(world, stack, json!({ "protocol": "HTTP2" }))),
    (BAD_CERTIFICATE_ID, |world, stack| {
        listen(world, stack, json!({ "sslConfiguration": { "certificateIds": ["mine"] } }))
    }),
    (ONE_CERTIFICATE, |world, stack| {
        let ids = ["ocid1.certificate.oc1..a", "ocid1.certificate.oc1..b"];
        listen(world, stack, json!({ "sslConfiguration": { "certificateIds": ids } }))
    }),
    (LISTENER_PORT_TAKEN, |world, stack| {
        let reply = part(world, stack, "listeners", listener());
        let id = world.balanced(reply);
        world.post(&format!("{BALANCERS}/{id}/listeners"), but(listener(), json!({ "name": "other" })))
    }),
    (RULES_NEED_HTTP, |world, stack| {
        let id = world.balanced(part(world, stack, "ruleSets", rules(json!({}))));
        let tcp = json!({ "protocol": "TCP", "ruleSetNames": ["https"] });
        world.post(&format!("{BALANCERS}/{id}/listeners"), but(listener(), tcp))
    }),
    (BALANCER_PART_IN_USE, |world, stack| {
        let id = world.balanced(part(world, stack, "listeners", listener()));
        world.delete(&format!("{BALANCERS}/{id}/backendSets/web"))
    }),
    (BALANCER_PART_IN_USE, |world, stack| {
        let id = world.balanced(part(world, stack, "ruleSets", rules(json!({}))));
        let listener = but(listener(), json!({ "ruleSetNames": ["https"] }));
        world.balanced(world.post(&format!("{BALANCERS}/{id}/listeners"), listener));
        world.delete(&format!("{BALANCERS}/{id}/ruleSets/https"))
    }),
    (BAD_CERTIFICATE, |world, stack| {
        part(world, stack, "certificates", json!({ "certificateName": "web", "publicCertificate": "cert.pem" }))
    }),
    (BAD_REDIRECT, |world, stack| part(world, stack, "ruleSets", rules(json!({ "responseCode": 200 })))),
    (INCOMPLETE_REDIRECT, |world, stack| part(world, stack, "ruleSets", rules(json!({ "conditions": [] })))),
    // A network load balancer does one thing at a time.
    (BUSY, |world, stack| {
        let id = world.balanced(world.make_balancer(NETWORK_BALANCERS, stack.network_balancer()));
        let path = format!("{NETWORK_BALANCERS}/{id}");
        world.put(&path, json!({ "displayName": "other" })).ok();
        world.put(&path, json!({ "displayName": "another" }))
    }),
    (RELATED_NOT_FOUND, |world, stack| {
        attach(world, stack, json!({ "loadBalancerId": "ocid1.loadbalancer.oc1..none" }))
    }),
    (UNKNOWN_BALANCER_PART, |world, stack| attach(world, stack, json!({ "backendSetName": "none" }))),
    (BAD_PORT, |world, stack| attach(world, stack, json!({ "port": 0 }))),
    (POOL_ATTACHED, |world, stack| {
        let pool = attach(world, stack, json!({})).ok();
        let body = &pool["loadBalancers"][0];
        let body = json!({ "loadBalancerId": body["loadBalancerId"], "backendSetName": "web", "port": 81, "vnicSelection": "PrimaryVnic" });
        world.post(
            &format!("{CORE}/instancePools/{}/actions/attachLoadBalancer", pool["id"].as_str().expect("an id")),
            body,
        )
    }),
];
