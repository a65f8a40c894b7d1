//! Refusals of security rules, in lists and in NSGs.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{CORE, Reply, World, but};
use crate::simulator::stack::Stack;

/// Adds rules to the API endpoint's NSG.
pub fn add(world: &World, stack: &Stack, rules: Value) -> Reply {
    let path = format!("{CORE}/networkSecurityGroups/{}/actions/addSecurityRules", stack.api);
    world.post(&path, json!({ "securityRules": rules }))
}

/// A rule that admits HTTPS, but for `change`.
fn ingress(change: Value) -> Value {
    let rule = json!({
        "direction": "INGRESS", "protocol": "6", "source": "0.0.0.0/0", "sourceType": "CIDR_BLOCK",
        "tcpOptions": { "destinationPortRange": { "min": 443, "max": 443 } },
    });
    but(rule, change)
}

fn added(world: &World, stack: &Stack, change: Value) -> Reply {
    add(world, stack, json!([ingress(change)]))
}

/// `count` rules that differ.
pub fn many(count: i64) -> Vec<Value> {
    many_from(1, count)
}

pub fn many_from(first: i64, count: i64) -> Vec<Value> {
    let rule = |port: i64| ingress(json!({ "tcpOptions": { "destinationPortRange": { "min": port, "max": port } } }));
    (first..first + count).map(rule).collect()
}

/// A security list with one rule.
fn list(world: &World, stack: &Stack, ingress: Value, egress: Value) -> Reply {
    let body = json!({ "vcnId": stack.vcn, "ingressSecurityRules": ingress, "egressSecurityRules": egress });
    world.make("securityLists", body)
}

fn ping(options: Value) -> Value {
    json!({ "direction": "INGRESS", "protocol": "1", "source": "0.0.0.0/0", "icmpOptions": options })
}

pub const CASES: &[Case] = &[
    (BAD_DESCRIPTION_LENGTH, |world, stack| added(world, stack, json!({ "description": "x".repeat(256) }))),
    (BAD_DIRECTION, |world, stack| added(world, stack, json!({ "direction": "INBOUND" }))),
    (MISSING_PARAMETER, |world, stack| added(world, stack, json!({ "direction": null }))),
    (RULE_NEEDS_PEER, |world, stack| added(world, stack, json!({ "source": null }))),
    (RULE_WRONG_PEER, |world, stack| added(world, stack, json!({ "destination": "0.0.0.0/0" }))),
    (RULE_WRONG_PEER, |world, stack| added(world, stack, json!({ "direction": "EGRESS" }))),
    (BAD_CIDR, |world, stack| added(world, stack, json!({ "source": "10.0.0.1/24" }))),
    (BAD_CIDR, |world, stack| added(world, stack, json!({ "source": stack.worker }))),
    (UNKNOWN_SERVICE_LABEL, |world, stack| added(world, stack, json!({ "sourceType": "SERVICE_CIDR_BLOCK" }))),
    (UNKNOWN_WORD, |world, stack| added(world, stack, json!({ "sourceType": "ANYWHERE" }))),
    (PEER_NSG_NOT_FOUND, |world, stack| added(world, stack, json!({ "sourceType": "NETWORK_SECURITY_GROUP" }))),
    (PEER_NSG_OTHER_VCN, |world, stack| {
        let vcn = world.make("vcns", json!({ "cidrBlock": "10.99.0.0/16" })).id();
        let nsg = world.make("networkSecurityGroups", json!({ "vcnId": vcn })).id();
        added(world, stack, json!({ "source": nsg, "sourceType": "NETWORK_SECURITY_GROUP" }))
    }),
    (PEER_NSG_IN_LIST, |world, stack| {
        let rule = json!({ "protocol": "all", "source": stack.api, "sourceType": "NETWORK_SECURITY_GROUP" });
        list(world, stack, json!([rule]), json!([]))
    }),
    (BAD_PROTOCOL, |world, stack| added(world, stack, json!({ "protocol": "tcp", "tcpOptions": null }))),
    (BAD_PROTOCOL, |world, stack| added(world, stack, json!({ "protocol": "256", "tcpOptions": null }))),
    (OPTIONS_OF_OTHER_PROTOCOL, |world, stack| added(world, stack, json!({ "protocol": "all" }))),
    (OPTIONS_OF_OTHER_PROTOCOL, |world, stack| added(world, stack, json!({ "protocol": "17" }))),
    (OPTIONS_OF_OTHER_PROTOCOL, |world, stack| {
        let ports = json!({ "destinationPortRange": { "min": 53, "max": 53 } });
        added(world, stack, json!({ "tcpOptions": null, "udpOptions": ports }))
    }),
    (OPTIONS_OF_OTHER_PROTOCOL, |world, stack| {
        added(world, stack, json!({ "tcpOptions": null, "icmpOptions": { "type": 3 } }))
    }),
    (BAD_PORT, |world, stack| added(world, stack, json!({ "tcpOptions": { "destinationPortRange": { "min": 0 } } }))),
    (BAD_PORT, |world, stack| {
        let ports = json!({ "destinationPortRange": { "min": 1, "max": 65536 } });
        let rule = json!({ "protocol": "6", "destination": "0.0.0.0/0", "tcpOptions": ports });
        list(world, stack, json!([]), json!([rule]))
    }),
    (BAD_PORT_RANGE, |world, stack| {
        added(world, stack, json!({ "tcpOptions": { "destinationPortRange": { "min": 444 } } }))
    }),
    (BAD_ICMP_TYPE, |world, stack| add(world, stack, json!([ping(json!({ "type": 255 }))]))),
    (BAD_ICMP_CODE, |world, stack| add(world, stack, json!([ping(json!({ "type": 3, "code": 17 }))]))),
    (ICMP_CODE_WITHOUT_TYPE, |world, stack| add(world, stack, json!([ping(json!({ "code": 4 }))]))),
    (MISSING_PARAMETER, |world, stack| add(world, stack, json!([ping(json!({}))]))),
    (TOO_MANY_INGRESS_RULES, |world, stack| {
        let rules = vec![json!({ "protocol": "all", "source": "0.0.0.0/0" }); 201];
        list(world, stack, json!(rules), json!([]))
    }),
    (TOO_MANY_EGRESS_RULES, |world, stack| {
        let rules = vec![json!({ "protocol": "all", "destination": "0.0.0.0/0" }); 201];
        list(world, stack, json!([]), json!(rules))
    }),
    (TOO_MANY_NSG_RULES, |world, stack| {
        for first in [1, 26, 51, 76] {
            add(world, stack, json!(many_from(first, 25))).ok();
        }
        add(world, stack, json!(many_from(101, 21)))
    }),
    (TOO_MANY_RULES_A_CALL, |world, stack| add(world, stack, json!(many(26)))),
    (DUPLICATE_NSG_RULE, |world, stack| {
        add(world, stack, json!(many(1))).ok();
        added(
            world,
            stack,
            json!({ "description": "said again", "tcpOptions": { "destinationPortRange": { "min": 1, "max": 1 } } }),
        )
    }),
    (DUPLICATE_NSG_RULE, |world, stack| add(world, stack, json!([ingress(json!({})), ingress(json!({}))]))),
    (UNKNOWN_RULE, |world, stack| {
        let path = format!("{CORE}/networkSecurityGroups/{}/actions/removeSecurityRules", stack.api);
        world.post(&path, json!({ "securityRuleIds": ["000000"] }))
    }),
    (UNKNOWN_RULE, |world, stack| {
        let path = format!("{CORE}/networkSecurityGroups/{}/actions/updateSecurityRules", stack.api);
        world.post(&path, json!({ "securityRules": [ingress(json!({ "id": "000000" }))] }))
    }),
    // A change is held to the same as a creation.
    (BAD_PORT, |world, stack| {
        let rule = ingress(json!({ "direction": null, "tcpOptions": { "destinationPortRange": { "max": 70000 } } }));
        world.put(&format!("{CORE}/securityLists/{}", stack.list), json!({ "ingressSecurityRules": [rule] }))
    }),
    (DUPLICATE_NSG_RULE, |world, stack| {
        let added = add(world, stack, json!(many(2))).ok();
        let first = &added["securityRules"][0];
        let change =
            ingress(json!({ "id": first["id"], "tcpOptions": { "destinationPortRange": { "min": 2, "max": 2 } } }));
        let path = format!("{CORE}/networkSecurityGroups/{}/actions/updateSecurityRules", stack.api);
        world.post(&path, json!({ "securityRules": [change] }))
    }),
];
