//! Refusals of VCNs, subnets, gateways and routes.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{CORE, Reply, World, but};
use crate::simulator::stack::Stack;

fn vcn(world: &World, body: Value) -> Reply {
    world.make("vcns", body)
}

/// A subnet that is right but for `change`.
fn subnet(world: &World, stack: &Stack, change: Value) -> Reply {
    world.make("subnets", but(json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/20" }), change))
}

/// A second VCN, with nothing in it.
fn other_vcn(world: &World) -> String {
    vcn(world, json!({ "cidrBlock": "10.99.0.0/16" })).id()
}

fn routes(world: &World, stack: &Stack, rules: Value) -> Reply {
    world.make("routeTables", json!({ "vcnId": stack.vcn, "routeRules": rules }))
}

fn route(destination: &str, kind: &str, target: &str) -> Value {
    json!({ "destination": destination, "destinationType": kind, "networkEntityId": target })
}

fn label(world: &World) -> String {
    world.all_services().1
}

fn object_storage(world: &World) -> Value {
    world.get(&format!("{CORE}/services")).ok()[0].clone()
}

pub const CASES: &[Case] = &[
    (BAD_CIDR, |world, _| vcn(world, json!({ "cidrBlock": "10.0.0.1/16" }))),
    (BAD_CIDR, |world, _| vcn(world, json!({ "cidrBlock": "10.0.0.0" }))),
    (BAD_CIDR, |world, stack| subnet(world, stack, json!({ "cidrBlock": "10.0.32.7/20" }))),
    (BAD_CIDR, |world, stack| routes(world, stack, json!([route("10.0.0.1/8", "CIDR_BLOCK", &stack.nat)]))),
    (CIDR_RESERVED, |world, _| vcn(world, json!({ "cidrBlock": "169.254.0.0/16" }))),
    (CIDR_RESERVED, |world, _| vcn(world, json!({ "cidrBlock": "224.1.0.0/16" }))),
    (NO_VCN_CIDR, |world, _| vcn(world, json!({ "dnsLabel": "lab" }))),
    (NO_VCN_CIDR, |world, _| vcn(world, json!({ "cidrBlock": "10.1.0.0/16", "cidrBlocks": ["10.2.0.0/16"] }))),
    (VCN_CIDR_SIZE, |world, _| vcn(world, json!({ "cidrBlock": "10.0.0.0/15" }))),
    (VCN_CIDR_SIZE, |world, _| vcn(world, json!({ "cidrBlock": "10.0.0.0/31" }))),
    (VCN_CIDRS_OVERLAP, |world, _| vcn(world, json!({ "cidrBlocks": ["10.1.0.0/16", "10.1.2.0/24"] }))),
    (TOO_MANY_VCN_CIDRS, |world, _| {
        let cidrs: Vec<String> = (0..6).map(|number| format!("10.{number}.0.0/16")).collect();
        vcn(world, json!({ "cidrBlocks": cidrs }))
    }),
    (TOO_MANY_SUBNETS, |world, _| {
        let vcn = other_vcn(world);
        let nth = |n: u32| {
            world.make("subnets", json!({ "vcnId": vcn, "cidrBlock": format!("10.99.{}.{}/28", n / 16, n % 16 * 16) }))
        };
        (0..300).for_each(|n| drop(nth(n).ok()));
        nth(300)
    }),
    (SUBNET_OUTSIDE_VCN, |world, stack| subnet(world, stack, json!({ "cidrBlock": "10.1.0.0/24" }))),
    (SUBNET_OUTSIDE_VCN, |world, stack| subnet(world, stack, json!({ "cidrBlock": "10.0.0.0/17" }))),
    (SUBNET_CIDR_SIZE, |world, stack| subnet(world, stack, json!({ "cidrBlock": "10.0.32.0/31" }))),
    (SUBNETS_OVERLAP, |world, stack| subnet(world, stack, json!({ "cidrBlock": "10.0.0.0/24" }))),
    (SUBNETS_OVERLAP, |world, stack| {
        world.put(&format!("{CORE}/subnets/{}", stack.public), json!({ "cidrBlock": "10.0.0.0/18" }))
    }),
    (BAD_DNS_LABEL, |world, _| vcn(world, json!({ "cidrBlock": "10.1.0.0/16", "dnsLabel": "1lab" }))),
    (BAD_DNS_LABEL, |world, _| vcn(world, json!({ "cidrBlock": "10.1.0.0/16", "dnsLabel": "abcdefghijklmnop" }))),
    (BAD_DNS_LABEL, |world, stack| subnet(world, stack, json!({ "dnsLabel": "my-subnet" }))),
    (DNS_LABEL_TAKEN, |world, stack| subnet(world, stack, json!({ "dnsLabel": "public" }))),
    (DNS_LABEL_NEEDS_VCN_LABEL, |world, _| {
        let vcn = other_vcn(world);
        world.make("subnets", json!({ "vcnId": vcn, "cidrBlock": "10.99.0.0/24", "dnsLabel": "public" }))
    }),
    (TOO_MANY_SECURITY_LISTS, |world, stack| {
        let list = || {
            let body = json!({ "vcnId": stack.vcn, "ingressSecurityRules": [], "egressSecurityRules": [] });
            world.make("securityLists", body).id()
        };
        let lists: Vec<String> = (0..6).map(|_| list()).collect();
        subnet(world, stack, json!({ "securityListIds": lists }))
    }),
    (DUPLICATE_ID, |world, stack| subnet(world, stack, json!({ "securityListIds": [stack.list, stack.list] }))),
    (PROHIBITIONS_CONFLICT, |world, stack| {
        subnet(world, stack, json!({ "prohibitPublicIpOnVnic": true, "prohibitInternetIngress": false }))
    }),
    (UNKNOWN_AD, |world, stack| subnet(world, stack, json!({ "availabilityDomain": "AD-9" }))),
    (RELATED_NOT_FOUND, |world, stack| subnet(world, stack, json!({ "routeTableId": "ocid1.routetable.oc1..none" }))),
    (RELATED_NOT_FOUND, |world, stack| {
        routes(world, stack, json!([route("0.0.0.0/0", "CIDR_BLOCK", "ocid1.natgateway.oc1..none")]))
    }),
    (OTHER_VCN, |world, stack| {
        let routes = world.make("routeTables", json!({ "vcnId": other_vcn(world), "routeRules": [] })).id();
        subnet(world, stack, json!({ "routeTableId": routes }))
    }),
    (OTHER_VCN, |world, stack| {
        let gateway = world.make("natGateways", json!({ "vcnId": other_vcn(world) })).id();
        routes(world, stack, json!([route("0.0.0.0/0", "CIDR_BLOCK", &gateway)]))
    }),
    (GATEWAY_EXISTS, |world, stack| world.make("internetGateways", json!({ "vcnId": stack.vcn, "isEnabled": true }))),
    (GATEWAY_EXISTS, |world, stack| world.make("natGateways", json!({ "vcnId": stack.vcn }))),
    (GATEWAY_EXISTS, |world, stack| world.make("serviceGateways", json!({ "vcnId": stack.vcn, "services": [] }))),
    (UNKNOWN_SERVICE, |world, _| {
        let services = json!([{ "serviceId": "ocid1.service.oc1..none" }]);
        world.make("serviceGateways", json!({ "vcnId": other_vcn(world), "services": services }))
    }),
    (SERVICES_OVERLAP, |world, _| {
        let both = json!([{ "serviceId": world.all_services().0 }, { "serviceId": object_storage(world)["id"] }]);
        world.make("serviceGateways", json!({ "vcnId": other_vcn(world), "services": both }))
    }),
    (UNKNOWN_WORD, |world, stack| routes(world, stack, json!([route("0.0.0.0/0", "ANYWHERE", &stack.nat)]))),
    (UNKNOWN_SERVICE_LABEL, |world, stack| {
        routes(world, stack, json!([route("all-moon-services", "SERVICE_CIDR_BLOCK", &stack.services)]))
    }),
    (DUPLICATE_DESTINATION, |world, stack| {
        let twice = [route("0.0.0.0/0", "CIDR_BLOCK", &stack.nat), route("0.0.0.0/0", "CIDR_BLOCK", &stack.internet)];
        routes(world, stack, json!(twice))
    }),
    (TOO_MANY_ROUTE_RULES, |world, stack| {
        let rules: Vec<Value> =
            (0..201).map(|number| route(&format!("192.0.{number}.0/24"), "CIDR_BLOCK", &stack.nat)).collect();
        routes(world, stack, json!(rules))
    }),
    (ROUTE_TARGET_KIND, |world, stack| {
        routes(world, stack, json!([route(&label(world), "SERVICE_CIDR_BLOCK", &stack.nat)]))
    }),
    (ROUTE_TARGET_KIND, |world, stack| {
        routes(world, stack, json!([route("0.0.0.0/0", "CIDR_BLOCK", &stack.services)]))
    }),
    (ROUTE_SERVICE_NOT_ENABLED, |world, stack| {
        let label = object_storage(world)["cidrBlock"].as_str().expect("a label").to_owned();
        routes(world, stack, json!([route(&label, "SERVICE_CIDR_BLOCK", &stack.services)]))
    }),
    (ROUTE_IGW_WITH_SERVICES, |world, stack| {
        let rules = [
            route("0.0.0.0/0", "CIDR_BLOCK", &stack.internet),
            route(&label(world), "SERVICE_CIDR_BLOCK", &stack.services),
        ];
        routes(world, stack, json!(rules))
    }),
    // A change is held to the same as a creation.
    (ROUTE_IGW_WITH_SERVICES, |world, stack| {
        let rules = [
            route("0.0.0.0/0", "CIDR_BLOCK", &stack.internet),
            route(&label(world), "SERVICE_CIDR_BLOCK", &stack.services),
        ];
        world.put(&format!("{CORE}/routeTables/{}", stack.public_routes), json!({ "routeRules": rules }))
    }),
    (OTHER_VCN, |world, stack| {
        let list = json!({ "vcnId": other_vcn(world), "ingressSecurityRules": [], "egressSecurityRules": [] });
        let list = world.make("securityLists", list).id();
        world.put(&format!("{CORE}/subnets/{}", stack.public), json!({ "securityListIds": [list] }))
    }),
    (SUBNET_OUTSIDE_VCN, |world, stack| {
        world.put(&format!("{CORE}/subnets/{}", stack.public), json!({ "cidrBlock": "10.64.0.0/24" }))
    }),
];
