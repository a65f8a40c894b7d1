//! Refusals of instance configurations, pools and autoscaling.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{CORE, Reply, SCALING, World, but};
use crate::simulator::stack::Stack;

/// A configuration whose launch is right but for `change`.
fn configure(world: &World, stack: &Stack, change: Value) -> Reply {
    let change = json!({ "instanceDetails": { "launchDetails": change } });
    world.make("instanceConfigurations", but(stack.configuration(), change))
}

/// A pool, right but for `change`.
fn make(world: &World, stack: &Stack, change: Value) -> Reply {
    let configuration = configure(world, stack, json!({})).id();
    world.make("instancePools", but(stack.instance_pool(world, &configuration), change))
}

fn place(world: &World, stack: &Stack, more: Value) -> Value {
    but(json!({ "availabilityDomain": world.domains()[0], "primarySubnetId": stack.private }), more)
}

fn places(places: &[Value]) -> Value {
    json!({ "placementConfigurations": places })
}

/// An autoscaling configuration, right but for `change`.
fn scale(world: &World, stack: &Stack, change: Value) -> Reply {
    let pool = make(world, stack, json!({})).id();
    world.make_autoscaling(but(stack.autoscaling(&pool), change))
}

/// The same with something else about its one policy.
fn policy(world: &World, stack: &Stack, change: Value) -> Reply {
    let pool = make(world, stack, json!({})).id();
    let mut body = stack.autoscaling(&pool);
    body["policies"][0] = but(body["policies"][0].take(), change);
    world.make_autoscaling(body)
}

/// The same with something else about the rule that scales out.
fn rule(world: &World, stack: &Stack, change: Value) -> Reply {
    let rules = stack.autoscaling("")["policies"][0]["rules"].clone();
    policy(world, stack, json!({ "rules": [but(rules[0].clone(), change), rules[1]] }))
}

fn scheduled(expression: &str) -> Value {
    let schedule = json!({ "type": "cron", "timezone": "UTC", "expression": expression });
    json!({ "policyType": "scheduled", "capacity": { "initial": 4 }, "executionSchedule": schedule })
}

pub const CASES: &[Case] = &[
    (MISSING_PARAMETER, |world, stack| {
        world.make("instanceConfigurations", but(stack.configuration(), json!({ "source": null })))
    }),
    (UNKNOWN_SHAPE, |world, stack| configure(world, stack, json!({ "shape": "VM.Standard.Z9.Flex" }))),
    (IMAGE_OF_OTHER_ARCHITECTURE, |world, stack| configure(world, stack, json!({ "shape": "VM.Standard.A1.Flex" }))),
    (BAD_USER_DATA, |world, stack| configure(world, stack, json!({ "metadata": { "user_data": "#!" } }))),
    (RELATED_NOT_FOUND, |world, stack| {
        let none = json!({ "nsgIds": ["ocid1.networksecuritygroup.oc1..none"] });
        configure(world, stack, json!({ "createVnicDetails": none }))
    }),
    (IMMUTABLE_FIELD, |world, stack| {
        let configuration = configure(world, stack, json!({})).id();
        world.put(&format!("{CORE}/instanceConfigurations/{configuration}"), json!({ "instanceDetails": {} }))
    }),
    (CONFIGURATION_IN_USE, |world, stack| {
        let pool = make(world, stack, json!({})).ok();
        let configuration = pool["instanceConfigurationId"].as_str().expect("an id").to_owned();
        world.delete(&format!("{CORE}/instanceConfigurations/{configuration}"))
    }),
    (RELATED_NOT_FOUND, |world, stack| {
        make(world, stack, json!({ "instanceConfigurationId": "ocid1.instanceconfiguration.oc1..none" }))
    }),
    (INSTANCE_POOL_SIZE, |world, stack| make(world, stack, json!({ "size": -1 }))),
    (NO_PLACEMENT, |world, stack| make(world, stack, places(&[]))),
    (DUPLICATE_PLACEMENT, |world, stack| {
        let place = place(world, stack, json!({}));
        make(world, stack, places(&[place.clone(), place]))
    }),
    (UNKNOWN_AD, |world, stack| {
        make(world, stack, places(&[place(world, stack, json!({ "availabilityDomain": "AD-9" }))]))
    }),
    (UNKNOWN_FAULT_DOMAIN, |world, stack| {
        make(world, stack, places(&[place(world, stack, json!({ "faultDomains": ["FAULT-DOMAIN-4"] }))]))
    }),
    (ONE_PRIMARY_SUBNET, |world, stack| {
        make(world, stack, places(&[place(world, stack, json!({ "primarySubnetId": null }))]))
    }),
    (ONE_PRIMARY_SUBNET, |world, stack| {
        let other = json!({ "primaryVnicSubnets": { "subnetId": stack.public } });
        make(world, stack, places(&[place(world, stack, other)]))
    }),
    (PUBLIC_IP_PROHIBITED, |world, stack| {
        let configuration = configure(world, stack, json!({ "createVnicDetails": { "assignPublicIp": true } })).id();
        world.make("instancePools", stack.instance_pool(world, &configuration))
    }),
    (SUBNET_IN_USE, |world, stack| {
        make(world, stack, json!({})).ok();
        world.delete(&format!("{CORE}/subnets/{}", stack.private))
    }),
    (NSG_IN_USE, |world, stack| {
        make(world, stack, json!({})).ok();
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.worker))
    }),
    (RELATED_NOT_FOUND, |world, stack| world.make_autoscaling(stack.autoscaling("ocid1.instancepool.oc1..none"))),
    (AUTOSCALING_EXISTS, |world, stack| {
        let pool = make(world, stack, json!({})).id();
        world.make_autoscaling(stack.autoscaling(&pool)).ok();
        world.make_autoscaling(stack.autoscaling(&pool))
    }),
    (BAD_COOLDOWN, |world, stack| scale(world, stack, json!({ "coolDownInSeconds": 299 }))),
    (BAD_COOLDOWN, |world, stack| {
        let scaling = scale(world, stack, json!({})).id();
        world.put(&format!("{SCALING}/autoScalingConfigurations/{scaling}"), json!({ "coolDownInSeconds": 1 }))
    }),
    (IMMUTABLE_FIELD, |world, stack| {
        let scaling = scale(world, stack, json!({})).id();
        world.put(&format!("{SCALING}/autoScalingConfigurations/{scaling}"), json!({ "policies": [] }))
    }),
    (NO_POLICY, |world, stack| scale(world, stack, json!({ "policies": [] }))),
    (MIXED_POLICIES, |world, stack| {
        let threshold = stack.autoscaling("")["policies"][0].clone();
        scale(world, stack, json!({ "policies": [threshold, scheduled("0 0 8 ? * *")] }))
    }),
    (BAD_CAPACITY, |world, stack| policy(world, stack, json!({ "capacity": { "min": 4 } }))),
    (BAD_CAPACITY, |world, stack| policy(world, stack, json!({ "capacity": { "max": 2 } }))),
    (BAD_RULES, |world, stack| rule(world, stack, json!({ "action": { "value": -1 } }))),
    (BAD_RULES, |world, stack| {
        let rules = stack.autoscaling("")["policies"][0]["rules"].clone();
        policy(world, stack, json!({ "rules": [rules[0]] }))
    }),
    (BAD_THRESHOLD, |world, stack| rule(world, stack, json!({ "metric": { "threshold": { "value": 101 } } }))),
    (BAD_CRON, |world, stack| scale(world, stack, json!({ "policies": [scheduled("0 8 * * *")] }))),
    (BAD_CRON, |world, stack| scale(world, stack, json!({ "policies": [scheduled("5 0 8 ? * *")] }))),
    (BAD_CRON, |world, stack| scale(world, stack, json!({ "policies": [scheduled("0 0 8 * * *")] }))),
    (NEEDS_RESOURCE_ACTION, |world, stack| {
        let policy = but(scheduled("0 0 8 ? * *"), json!({ "capacity": null }));
        scale(world, stack, json!({ "policies": [policy] }))
    }),
];
