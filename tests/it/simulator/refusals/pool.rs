//! Refusals of node pools.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{ENGINE, Reply, World, but};
use crate::simulator::stack::Stack;

/// A pool of a cluster, right but for `change`.
fn make(world: &World, stack: &Stack, change: Value) -> Reply {
    make_in(world, stack, json!({}), change)
}

/// The same in a cluster that differs.
fn make_in(world: &World, stack: &Stack, cluster: Value, change: Value) -> Reply {
    let cluster = world.work(world.make_cluster(but(stack.cluster(), cluster)));
    world.make_pool(but(stack.pool(world, &cluster), change))
}

/// A pool that exists, and then a change of it.
fn change(world: &World, stack: &Stack, change: Value) -> Reply {
    let pool = world.work(make(world, stack, json!({})));
    world.put(&format!("{ENGINE}/nodePools/{pool}"), change)
}

fn nodes(change: Value) -> Value {
    json!({ "nodeConfigDetails": change })
}

fn pods(change: Value) -> Value {
    nodes(json!({ "nodePoolPodNetworkOptionDetails": change }))
}

fn shape(name: &str, config: Value) -> Value {
    json!({ "nodeShape": name, "nodeShapeConfig": config })
}

fn at(version: &str) -> Value {
    json!({ "kubernetesVersion": version })
}

fn grace(duration: &str) -> Value {
    json!({ "nodeEvictionNodePoolSettings": { "evictionGraceDuration": duration } })
}

/// One place for the nodes, with something more to it.
fn place(stack: &Stack, more: Value) -> Value {
    let place = json!({ "availabilityDomain": "SiMU:EU-FRANKFURT-1-AD-1", "subnetId": stack.private });
    nodes(json!({ "placementConfigs": [but(place, more)] }))
}

fn foreign_subnet(world: &World) -> String {
    let vcn = world.make("vcns", json!({ "cidrBlock": "10.99.0.0/16" })).id();
    world.make("subnets", json!({ "vcnId": vcn, "cidrBlock": "10.99.0.0/24" })).id()
}

/// A virtual pool of an enhanced cluster, right but for `change`.
fn make_virtual(world: &World, stack: &Stack, cluster: Value, change: Value) -> Reply {
    let enhanced = but(stack.cluster(), json!({ "type": "ENHANCED_CLUSTER" }));
    let cluster = world.work(world.make_cluster(but(enhanced, cluster)));
    world.make_virtual_pool(but(stack.virtual_pool(world, &cluster), change))
}

pub const CASES: &[Case] = &[
    (VIRTUAL_NODES_NEED_NATIVE, |world, stack| {
        let overlay = json!({ "clusterPodNetworkOptions": [{ "cniType": "FLANNEL_OVERLAY" }] });
        make_virtual(world, stack, overlay, json!({}))
    }),
    (UNKNOWN_POD_SHAPE, |world, stack| {
        make_virtual(world, stack, json!({}), json!({ "podConfiguration": { "shape": "VM.Standard.E4.Flex" } }))
    }),
    (NO_FAULT_DOMAIN, |world, stack| {
        let place = json!({ "availabilityDomain": world.domains()[0], "faultDomain": [], "subnetId": stack.private });
        make_virtual(world, stack, json!({}), json!({ "placementConfigurations": [place] }))
    }),
    (BAD_TAINT_EFFECT, |world, stack| {
        make_virtual(world, stack, json!({}), json!({ "taints": [{ "key": "a", "effect": "Never" }] }))
    }),
    (RELATED_NOT_FOUND, |world, stack| world.make_pool(stack.pool(world, "ocid1.cluster.oc1..none"))),
    (UNKNOWN_VERSION, |world, stack| make(world, stack, at("v1.32.99"))),
    (POOL_NEWER_THAN_CLUSTER, |world, stack| make(world, stack, at("v1.33.1"))),
    (POOL_NEWER_THAN_CLUSTER, |world, stack| make(world, stack, at("v1.32.10"))),
    (POOL_TOO_OLD, |world, stack| make(world, stack, at("v1.28.10"))),
    // Before 1.28 two minor versions were the most.
    (POOL_TOO_OLD, |world, stack| make_in(world, stack, at("v1.27.2"), at("v1.24.1"))),
    (UNKNOWN_FAULT_DOMAIN, |world, stack| {
        make(world, stack, place(stack, json!({ "faultDomains": ["FAULT-DOMAIN-4"] })))
    }),
    (BAD_RESERVATION, |world, stack| make(world, stack, place(stack, json!({ "capacityReservationId": "mine" })))),
    (NOT_PREEMPTIBLE, |world, stack| {
        let reserved = "ocid1.capacityreservation.oc1.eu-frankfurt-1.example";
        let action = json!({ "preemptionAction": { "type": "TERMINATE" } });
        let both = json!({ "capacityReservationId": reserved, "preemptibleNodeConfig": action });
        make(world, stack, place(stack, both))
    }),
    (BAD_KMS_KEY, |world, stack| make(world, stack, nodes(json!({ "kmsKeyId": "ocid1.vault.oc1..example" })))),
    (POOL_SIZE, |world, stack| make(world, stack, nodes(json!({ "size": 1001 })))),
    (POOL_SIZE, |world, stack| make(world, stack, nodes(json!({ "size": -1 })))),
    (CLUSTER_SIZE, |world, stack| {
        let cluster = world.work(world.make_cluster(stack.cluster()));
        let pool = |size: u32| but(stack.pool(world, &cluster), nodes(json!({ "size": size })));
        world.work(world.make_pool(pool(999)));
        world.make_pool(pool(2))
    }),
    (NO_PLACEMENT, |world, stack| make(world, stack, nodes(json!({ "placementConfigs": [] })))),
    (DUPLICATE_PLACEMENT, |world, stack| {
        let place = json!({ "availabilityDomain": world.domains()[0], "subnetId": stack.private });
        make(world, stack, nodes(json!({ "placementConfigs": [place, place] })))
    }),
    (UNKNOWN_AD, |world, stack| {
        let place = json!({ "availabilityDomain": "AD-9", "subnetId": stack.private });
        make(world, stack, nodes(json!({ "placementConfigs": [place] })))
    }),
    (SUBNET_OF_OTHER_AD, |world, stack| {
        let domains = world.domains();
        let subnet = json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/24", "availabilityDomain": domains[1] });
        let subnet = world.make("subnets", subnet).id();
        let place = json!({ "availabilityDomain": domains[0], "subnetId": subnet });
        make(world, stack, nodes(json!({ "placementConfigs": [place] })))
    }),
    (OTHER_VCN, |world, stack| {
        let place = json!({ "availabilityDomain": world.domains()[0], "subnetId": foreign_subnet(world) });
        make(world, stack, nodes(json!({ "placementConfigs": [place] })))
    }),
    (OTHER_VCN, |world, stack| make(world, stack, pods(json!({ "podSubnetIds": [foreign_subnet(world)] })))),
    (RELATED_NOT_FOUND, |world, stack| {
        make(world, stack, nodes(json!({ "nsgIds": ["ocid1.networksecuritygroup.oc1..none"] })))
    }),
    (DUPLICATE_ID, |world, stack| make(world, stack, nodes(json!({ "nsgIds": [stack.worker, stack.worker] })))),
    (TOO_MANY_NSGS, |world, stack| {
        let nsg = |_| world.make("networkSecurityGroups", json!({ "vcnId": stack.vcn })).id();
        make(world, stack, pods(json!({ "podNsgIds": (0..6).map(nsg).collect::<Vec<_>>() })))
    }),
    (UNKNOWN_SHAPE, |world, stack| make(world, stack, json!({ "nodeShape": "VM.Standard.Z9.Flex" }))),
    (FLEX_NEEDS_CONFIG, |world, stack| make(world, stack, json!({ "nodeShapeConfig": null }))),
    (FIXED_SHAPE_CONFIG, |world, stack| make(world, stack, json!({ "nodeShape": "VM.Standard2.4" }))),
    (SHAPE_OCPUS, |world, stack| make(world, stack, shape("VM.Standard.A1.Flex", json!({ "ocpus": 77 })))),
    (SHAPE_OCPUS, |world, stack| make(world, stack, shape("VM.Standard.E4.Flex", json!({ "ocpus": 0.5 })))),
    (SHAPE_MEMORY, |world, stack| {
        make(world, stack, shape("VM.Standard.E4.Flex", json!({ "ocpus": 4, "memoryInGBs": 3 })))
    }),
    (SHAPE_MEMORY, |world, stack| {
        make(world, stack, shape("VM.Standard.E4.Flex", json!({ "ocpus": 1, "memoryInGBs": 65 })))
    }),
    (BAD_IMAGE, |world, stack| make(world, stack, json!({ "nodeSourceDetails": { "imageId": "Oracle-Linux-8" } }))),
    (IMAGE_OF_OTHER_VERSION, |world, stack| {
        let image = "ocid1.image.oc1.eu-frankfurt-1.ol810aarch64k1331";
        make(world, stack, json!({ "nodeSourceDetails": { "imageId": image } }))
    }),
    (BAD_SOURCE_TYPE, |world, stack| make(world, stack, json!({ "nodeSourceDetails": { "sourceType": "DISK" } }))),
    (BOOT_VOLUME_SIZE, |world, stack| {
        make(world, stack, json!({ "nodeSourceDetails": { "bootVolumeSizeInGBs": 49 } }))
    }),
    (BOOT_VOLUME_SIZE, |world, stack| {
        make(world, stack, json!({ "nodeSourceDetails": { "bootVolumeSizeInGBs": 32769 } }))
    }),
    (WRONG_TYPE, |world, stack| make(world, stack, json!({ "nodeSourceDetails": { "bootVolumeSizeInGBs": "100" } }))),
    (CNI_MISMATCH, |world, stack| make(world, stack, pods(json!({ "cniType": "FLANNEL_OVERLAY" })))),
    (POD_SUBNETS_NEEDED, |world, stack| make(world, stack, pods(json!({ "podSubnetIds": null })))),
    (POD_SUBNET_IS_PUBLIC, |world, stack| make(world, stack, pods(json!({ "podSubnetIds": [stack.public] })))),
    (POD_SUBNET_OF_AD, |world, stack| {
        let subnet = json!({
            "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/24", "availabilityDomain": world.domains()[0],
            "prohibitPublicIpOnVnic": true,
        });
        let subnet = world.make("subnets", subnet).id();
        make(world, stack, pods(json!({ "podSubnetIds": [subnet] })))
    }),
    (POD_SUBNET_IS_PUBLIC, |world, stack| {
        let public = json!({ "cniType": "OCI_VCN_IP_NATIVE", "podSubnetIds": [stack.public] });
        change(world, stack, pods(public))
    }),
    (MAX_PODS, |world, stack| make(world, stack, pods(json!({ "maxPodsPerNode": 32 })))),
    (MAX_PODS, |world, stack| make(world, stack, pods(json!({ "maxPodsPerNode": 0 })))),
    (SHAPE_CARRIES_NO_PODS, |world, stack| make(world, stack, shape("VM.Standard.E2.1.Micro", Value::Null))),
    (BAD_EVICTION_GRACE, |world, stack| make(world, stack, grace("PT61M"))),
    (BAD_EVICTION_GRACE, |world, stack| make(world, stack, grace("60"))),
    (ENHANCED_ONLY, |world, stack| {
        make(world, stack, json!({ "nodePoolCyclingDetails": { "isNodeCyclingEnabled": true } }))
    }),
    (BAD_NODE_LABEL, |world, stack| {
        make(world, stack, json!({ "initialNodeLabels": [{ "key": "two words", "value": "x" }] }))
    }),
    (BAD_NODE_LABEL, |world, stack| {
        make(world, stack, json!({ "initialNodeLabels": [{ "key": "a", "value": "x" }, { "key": "a", "value": "y" }] }))
    }),
    (BAD_SSH_KEY, |world, stack| make(world, stack, json!({ "sshPublicKey": "/home/me/.ssh/id_ed25519.pub" }))),
    // A change is held to the same as a creation.
    (POOL_NEWER_THAN_CLUSTER, |world, stack| change(world, stack, at("v1.33.1"))),
    (POOL_SIZE, |world, stack| change(world, stack, nodes(json!({ "size": 1001 })))),
    (SHAPE_OCPUS, |world, stack| change(world, stack, json!({ "nodeShapeConfig": { "ocpus": 80 } }))),
    (FLEX_NEEDS_CONFIG, |world, stack| change(world, stack, json!({ "nodeShape": "VM.Standard.E5.Flex" }))),
    (DUPLICATE_ID, |world, stack| change(world, stack, nodes(json!({ "nsgIds": [stack.api, stack.api] })))),
    (IMMUTABLE_FIELD, |world, stack| change(world, stack, json!({ "clusterId": "ocid1.cluster.oc1..other" }))),
    (BAD_EVICTION_GRACE, |world, stack| {
        let pool = world.work(make(world, stack, json!({})));
        world.delete(&format!("{ENGINE}/nodePools/{pool}?overrideEvictionGraceDuration=PT2H"))
    }),
    (BUSY, |world, stack| {
        make(world, stack, json!({})).ok();
        let pool = world.sim.state()["nodePools"][0]["id"].as_str().expect("a pool").to_owned();
        world.delete(&format!("{ENGINE}/nodePools/{pool}"))
    }),
    (TOO_MANY_FREEFORM_TAGS, |world, stack| {
        let tags: serde_json::Map<_, _> = (0..11).map(|n| (format!("key{n}"), json!("x"))).collect();
        make(world, stack, nodes(json!({ "freeformTags": tags })))
    }),
];

/// OCI finds out when it makes the VNICs: the request is taken, its work fails.
#[test]
fn a_subnet_without_addresses_fails_the_work() {
    let world = World::new();
    let stack = Stack::network(&world);
    let small = world.make("subnets", json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/30" })).id();
    let place = json!({ "availabilityDomain": world.domains()[0], "subnetId": small });
    let (request, status) = world.poll(make(&world, &stack, nodes(json!({ "size": 2, "placementConfigs": [place] }))));
    assert_eq!(status, "FAILED");
    assert_eq!(world.sim.refusals(), [SUBNET_FULL.name]);
    let errors = world.get(&format!("{ENGINE}/workRequests/{request}/errors")).ok();
    assert!(errors[0]["message"].as_str().expect("a message").contains(&small));
    assert_eq!(world.sim.state()["nodePools"][0]["lifecycleState"], "FAILED");
}
