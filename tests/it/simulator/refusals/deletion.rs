//! Refusals to delete what is in use, or goes with something else.

use oci_sim::refusals::*;
use serde_json::json;

use super::Case;
use crate::simulator::client::{CORE, ENGINE, World};
use crate::simulator::stack::Stack;

fn cluster(world: &World, stack: &Stack) -> String {
    world.work(world.make_cluster(stack.cluster()))
}

pub const CASES: &[Case] = &[
    (VCN_NOT_EMPTY, |world, stack| world.delete(&format!("{CORE}/vcns/{}", stack.vcn))),
    (VCN_NOT_EMPTY, |world, _| {
        let vcn = world.make("vcns", json!({ "cidrBlock": "10.99.0.0/16" })).id();
        world.make("networkSecurityGroups", json!({ "vcnId": vcn })).ok();
        world.delete(&format!("{CORE}/vcns/{vcn}"))
    }),
    (SUBNET_IN_USE, |world, stack| {
        cluster(world, stack);
        world.delete(&format!("{CORE}/subnets/{}", stack.public))
    }),
    (SUBNET_IN_USE, |world, stack| {
        world.work(world.make_pool(stack.pool(world, &cluster(world, stack))));
        world.delete(&format!("{CORE}/subnets/{}", stack.private))
    }),
    // A cluster that is going holds what it holds until it is gone.
    (SUBNET_IN_USE, |world, stack| {
        let cluster = cluster(world, stack);
        world.delete(&format!("{ENGINE}/clusters/{cluster}")).ok();
        world.delete(&format!("{CORE}/subnets/{}", stack.public))
    }),
    (NSG_IN_USE, |world, stack| {
        cluster(world, stack);
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.api))
    }),
    (NSG_IN_USE, |world, stack| {
        world.work(world.make_pool(stack.pool(world, &cluster(world, stack))));
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.pod))
    }),
    (GATEWAY_IN_USE, |world, stack| world.delete(&format!("{CORE}/internetGateways/{}", stack.internet))),
    (GATEWAY_IN_USE, |world, stack| world.delete(&format!("{CORE}/natGateways/{}", stack.nat))),
    (GATEWAY_IN_USE, |world, stack| world.delete(&format!("{CORE}/serviceGateways/{}", stack.services))),
    (PART_OF_SUBNET, |world, stack| world.delete(&format!("{CORE}/routeTables/{}", stack.public_routes))),
    (PART_OF_SUBNET, |world, stack| world.delete(&format!("{CORE}/securityLists/{}", stack.list))),
    (DEFAULT_OF_VCN, |world, stack| {
        let vcn = world.get(&format!("{CORE}/vcns/{}", stack.vcn)).ok();
        world.delete(&format!("{CORE}/routeTables/{}", vcn["defaultRouteTableId"].as_str().expect("a default")))
    }),
];
