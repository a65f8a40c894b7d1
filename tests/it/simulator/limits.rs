//! The other side of the refusals: what is just within a limit is accepted.

use oci_sim::Config;
use serde_json::{Value, json};

use super::client::{COMPARTMENT, CORE, ENGINE, World, but};
use super::stack::Stack;

#[test]
fn a_vcn_has_five_cidrs_of_any_allowed_size() {
    let world = World::new();
    let cidrs = ["10.0.0.0/16", "10.1.0.0/20", "10.2.0.0/24", "10.3.0.0/28", "10.4.0.0/30"];
    world.make("vcns", json!({ "cidrBlocks": cidrs, "dnsLabel": "a23456789012345" })).ok();
}

#[test]
fn a_subnet_has_five_security_lists() {
    let world = World::new();
    let stack = Stack::network(&world);
    let list = |_| {
        let body = json!({ "vcnId": stack.vcn, "ingressSecurityRules": [], "egressSecurityRules": [] });
        world.make("securityLists", body).id()
    };
    let lists: Vec<String> = (0..5).map(list).collect();
    let body = json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/30", "securityListIds": lists });
    world.make("subnets", body).ok();
}

#[test]
fn a_security_list_has_200_rules_each_way() {
    let world = World::new();
    let stack = Stack::network(&world);
    let body = json!({
        "vcnId": stack.vcn,
        "ingressSecurityRules": vec![json!({ "protocol": "all", "source": "0.0.0.0/0" }); 200],
        "egressSecurityRules": vec![json!({ "protocol": "all", "destination": "0.0.0.0/0" }); 200],
    });
    world.make("securityLists", body).ok();
}

#[test]
fn an_nsg_has_120_rules_of_which_25_come_in_a_call_and_page_by_page() {
    let world = World::new();
    let stack = Stack::network(&world);
    let group = format!("{CORE}/networkSecurityGroups/{}", stack.api);
    let rule = |port: i64| {
        json!({
            "direction": "EGRESS", "protocol": "17", "destination": "0.0.0.0/0",
            "udpOptions": { "destinationPortRange": { "min": port, "max": 65535 } },
        })
    };
    for first in [1, 26, 51, 76, 101] {
        let last = (first + 24).min(120);
        let rules: Vec<Value> = (first..=last).map(rule).collect();
        world.post(&format!("{group}/actions/addSecurityRules"), json!({ "securityRules": rules })).ok();
    }
    let first = world.get(&format!("{group}/securityRules?direction=EGRESS"));
    let next = first.header("opc-next-page").expect("a second page").to_owned();
    let second = world.get(&format!("{group}/securityRules?direction=EGRESS&page={next}"));
    let count = |list: Value| list.as_array().expect("a list").len();
    assert_eq!(count(first.ok()) + count(second.ok()), 120);
    assert_eq!(count(world.get(&format!("{group}/securityRules?direction=INGRESS")).ok()), 0);
}

#[test]
fn a_rule_can_be_changed_and_taken_away() {
    let world = World::new();
    let stack = Stack::network(&world);
    let group = format!("{CORE}/networkSecurityGroups/{}", stack.api);
    let rule = json!({ "direction": "INGRESS", "protocol": "all", "source": "10.0.0.0/8" });
    let added = world.post(&format!("{group}/actions/addSecurityRules"), json!({ "securityRules": [rule] })).ok();
    let id = added["securityRules"][0]["id"].clone();
    let changed = but(rule, json!({ "id": id, "description": "From within" }));
    world.post(&format!("{group}/actions/updateSecurityRules"), json!({ "securityRules": [changed] })).ok();
    let seen = world.get(&format!("{group}/securityRules")).ok();
    assert_eq!((&seen[0]["id"], &seen[0]["description"]), (&id, &json!("From within")));
    world.post(&format!("{group}/actions/removeSecurityRules"), json!({ "securityRuleIds": [id] })).ok();
    assert_eq!(world.get(&format!("{group}/securityRules")).ok(), json!([]));
}

/// Each change alone turns the pool of the default stack into one at a limit.
#[test]
fn a_pool_may_go_to_the_limits() {
    for change in [
        json!({ "nodeConfigDetails": { "size": 1000 } }),
        json!({ "nodeConfigDetails": { "size": 0 } }),
        json!({ "kubernetesVersion": "v1.29.1" }),
        json!({ "nodeShapeConfig": { "ocpus": 1, "memoryInGBs": 64 } }),
        json!({ "nodeShapeConfig": { "ocpus": 76, "memoryInGBs": 472 } }),
        json!({ "nodeShape": "VM.Standard2.4", "nodeShapeConfig": null }),
        json!({ "nodeShapeConfig": { "ocpus": 4, "memoryInGBs": 64 },
                "nodeConfigDetails": { "nodePoolPodNetworkOptionDetails": { "maxPodsPerNode": 93 } } }),
        json!({ "nodeShapeConfig": { "ocpus": 8, "memoryInGBs": 64 },
                "nodeConfigDetails": { "nodePoolPodNetworkOptionDetails": { "maxPodsPerNode": 110 } } }),
        json!({ "nodeSourceDetails": { "bootVolumeSizeInGBs": 50 } }),
        json!({ "nodeSourceDetails": { "bootVolumeSizeInGBs": 32768 } }),
        json!({ "nodeEvictionNodePoolSettings": { "evictionGraceDuration": "PT60M" } }),
        json!({ "nodeEvictionNodePoolSettings": { "evictionGraceDuration": "PT0M" } }),
        json!({ "initialNodeLabels": [{ "key": "example.com/tier", "value": "web" }] }),
    ] {
        let world = World::new();
        let stack = Stack::network(&world);
        let cluster = world.work(world.make_cluster(stack.cluster()));
        world.work(world.make_pool(but(stack.pool(&world, &cluster), change)));
    }
}

#[test]
fn an_enhanced_cluster_has_2000_nodes_and_cycles_them() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(but(stack.cluster(), json!({ "type": "ENHANCED_CLUSTER" }))));
    let full = but(stack.pool(&world, &cluster), json!({ "nodeConfigDetails": { "size": 1000 } }));
    world.work(world.make_pool(full.clone()));
    world.work(world.make_pool(full));

    let small = world.work(world.make_cluster(but(stack.cluster(), json!({ "type": "ENHANCED_CLUSTER" }))));
    let cycling = json!({ "nodePoolCyclingDetails": { "isNodeCyclingEnabled": true }, "kubernetesVersion": "v1.31.1" });
    let pool = format!("{ENGINE}/nodePools/{}", world.work(world.make_pool(but(stack.pool(&world, &small), cycling))));
    let nodes = |key: &str| world.get(&pool).ok()["nodes"][0][key].clone();
    let before = nodes("id");
    world.work(world.put(&pool, json!({ "kubernetesVersion": "v1.32.1" })));
    assert_ne!(nodes("id"), before);
    assert_eq!(nodes("kubernetesVersion"), "v1.32.1");
}

#[test]
fn a_cluster_goes_up_one_minor_version_and_its_pools_follow() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    let pool = world.work(world.make_pool(stack.pool(&world, &cluster)));
    let up = json!({ "kubernetesVersion": "v1.33.1" });
    world.work(world.put(&format!("{ENGINE}/clusters/{cluster}"), up.clone()));
    let pool = format!("{ENGINE}/nodePools/{pool}");
    world.work(world.put(&pool, up));
    let seen = world.get(&pool).ok();
    assert_eq!(seen["kubernetesVersion"], "v1.33.1");
    // Without cycling, nodes stay what they were until they are replaced.
    assert_eq!(seen["nodes"][0]["kubernetesVersion"], "v1.32.1");
}

#[test]
fn a_change_of_shape_drops_the_sizes_of_the_old_one() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    let pool = format!("{ENGINE}/nodePools/{}", world.work(world.make_pool(stack.pool(&world, &cluster))));
    world.work(world.put(&pool, json!({ "nodeShape": "VM.Standard2.4" })));
    assert_eq!(world.get(&pool).ok().get("nodeShapeConfig"), None);
}

#[test]
fn a_network_is_made_in_one_domain_too() {
    let one = Config { availability_domains: vec!["SiMU:AP-ONE-AD-1".into()], ..World::of_many_versions() };
    let world = World::with(one);
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    world.work(world.make_pool(stack.pool(&world, &cluster)));
    let pools = world.get(&format!("{ENGINE}/nodePools?compartmentId={COMPARTMENT}&clusterId={cluster}")).ok();
    assert_eq!(pools[0]["nodeConfigDetails"]["placementConfigs"].as_array().map(Vec::len), Some(1));
}
