//! The life of a stack: made, looked at, changed, taken down in order.

use cloudspells::facts::kubernetes;
use oci_sim::Config;
use serde_json::json;

use super::client::{COMPARTMENT, CORE, ENGINE, World, but};
use super::stack::Stack;

#[test]
fn a_stack_lives_and_leaves_nothing() {
    let world = World::new();
    let stack = Stack::network(&world);
    let rule = json!({
        "direction": "INGRESS", "protocol": "6", "source": stack.worker, "sourceType": "NETWORK_SECURITY_GROUP",
        "description": "Worker nodes reach the Kubernetes API server",
        "tcpOptions": { "destinationPortRange": { "min": 6443, "max": 6443 } },
    });
    let added = world
        .post(
            &format!("{CORE}/networkSecurityGroups/{}/actions/addSecurityRules", stack.api),
            json!({ "securityRules": [rule] }),
        )
        .ok();
    assert_eq!(added["securityRules"][0]["isStateless"], false);

    let cluster = world.work(world.make_cluster(stack.cluster()));
    let pool = world.work(world.make_pool(stack.pool(&world, &cluster)));

    let seen = world.get(&format!("{ENGINE}/clusters/{cluster}")).ok();
    assert_eq!(seen["lifecycleState"], "ACTIVE");
    assert_eq!(seen["endpoints"]["publicEndpoint"], "203.0.113.10:6443");
    let seen = world.get(&format!("{ENGINE}/nodePools/{pool}")).ok();
    assert_eq!(seen["nodes"].as_array().map(Vec::len), Some(3));
    let vnics = world.get(&format!("{CORE}/networkSecurityGroups/{}/vnics", stack.worker)).ok();
    assert_eq!(vnics.as_array().map(Vec::len), Some(3));

    let state = world.sim.state();
    assert_eq!(state["subnets"].as_array().map(Vec::len), Some(2));
    assert_eq!(state["networkSecurityGroups"][0]["securityRules"][0]["source"], json!(stack.worker));

    let resize = json!({ "nodeConfigDetails": { "size": 1 } });
    world.work(world.put(&format!("{ENGINE}/nodePools/{pool}"), resize));
    assert_eq!(world.get(&format!("{ENGINE}/nodePools/{pool}")).ok()["nodes"].as_array().map(Vec::len), Some(1));

    world.work(world.delete(&format!("{ENGINE}/nodePools/{pool}")));
    world.work(world.delete(&format!("{ENGINE}/clusters/{cluster}")));
    for path in [
        format!("networkSecurityGroups/{}", stack.api),
        format!("networkSecurityGroups/{}", stack.worker),
        format!("networkSecurityGroups/{}", stack.pod),
        format!("subnets/{}", stack.public),
        format!("subnets/{}", stack.private),
        format!("securityLists/{}", stack.list),
        format!("routeTables/{}", stack.public_routes),
        format!("routeTables/{}", stack.private_routes),
        format!("internetGateways/{}", stack.internet),
        format!("natGateways/{}", stack.nat),
        format!("serviceGateways/{}", stack.services),
        format!("vcns/{}", stack.vcn),
    ] {
        assert_eq!(world.delete(&format!("{CORE}/{path}")).status, 204, "{path}");
    }
    assert!(world.sim.is_empty());
}

#[test]
fn a_vcn_comes_with_its_defaults_and_takes_them_along() {
    let world = World::new();
    let vcn = world.make("vcns", json!({ "cidrBlock": "10.0.0.0/16" })).ok();
    assert_eq!(vcn["cidrBlocks"], json!(["10.0.0.0/16"]));
    let list = format!("{CORE}/securityLists/{}", vcn["defaultSecurityListId"].as_str().expect("a default"));
    assert_eq!(world.get(&list).ok()["ingressSecurityRules"].as_array().map(Vec::len), Some(3));

    // What `oci_core_default_security_list` does to it.
    let emptied = world.put(&list, json!({ "ingressSecurityRules": [], "egressSecurityRules": [] })).ok();
    assert_eq!(emptied["ingressSecurityRules"], json!([]));

    world.delete(&format!("{CORE}/vcns/{}", vcn["id"].as_str().expect("an id"))).ok();
    assert!(world.sim.is_empty());
}

#[test]
fn what_is_made_is_provisioning_first_and_what_is_gone_is_terminated_before_it_is_not_found() {
    let world = World::new();
    let vcn = world.make("vcns", json!({ "cidrBlock": "10.0.0.0/16" })).ok();
    assert_eq!(vcn["lifecycleState"], "PROVISIONING");
    let path = format!("{CORE}/vcns/{}", vcn["id"].as_str().expect("an id"));
    assert_eq!(world.get(&path).ok()["lifecycleState"], "AVAILABLE");
    world.delete(&path).ok();
    assert_eq!(world.get(&path).ok()["lifecycleState"], "TERMINATED");
    assert_eq!(world.get(&path).ok()["lifecycleState"], "TERMINATED");
    assert_eq!(world.get(&path).status, 404);
    let listed = world.get(&format!("{CORE}/vcns?compartmentId={COMPARTMENT}")).ok();
    assert_eq!(listed, json!([]));
}

#[test]
fn work_is_accepted_then_in_progress_then_done() {
    let world = World::new();
    let stack = Stack::network(&world);
    let reply = world.make_cluster(stack.cluster());
    assert_eq!(reply.status, 202);
    let request = format!("{ENGINE}/workRequests/{}", reply.header("opc-work-request-id").expect("work"));
    let states: Vec<_> = (0..3).map(|_| world.get(&request).ok()).map(|work| work["status"].clone()).collect();
    assert_eq!(states, ["ACCEPTED", "IN_PROGRESS", "SUCCEEDED"]);
    let work = world.get(&request).ok();
    assert_eq!(work["operationType"], "CLUSTER_CREATE");
    assert_eq!(work["resources"][0]["actionType"], "CREATED");
    assert_eq!(work["resources"][0]["entityType"], "cluster");
}

#[test]
fn a_cluster_takes_its_pools_along() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    world.work(world.make_pool(stack.pool(&world, &cluster)));
    world.work(world.delete(&format!("{ENGINE}/clusters/{cluster}")));
    assert_eq!(world.sim.state()["nodePools"], json!([]));
}

#[test]
fn work_ends_though_nobody_polls_it() {
    let world = World::new();
    let stack = Stack::network(&world);
    assert_eq!(world.make_cluster(stack.cluster()).status, 202);
    for _ in 0..3 {
        world.get(&format!("{ENGINE}/clusters?compartmentId={COMPARTMENT}")).ok();
    }
    assert_eq!(world.sim.state()["clusters"][0]["lifecycleState"], "ACTIVE");
}

#[test]
fn a_kubeconfig_names_the_endpoint() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    let path = format!("{ENGINE}/clusters/{cluster}/kubeconfig/content");
    let yaml = world.post(&path, json!({ "tokenVersion": "2.0.0" })).ok();
    assert!(yaml.as_str().expect("YAML").contains("server: https://203.0.113.10:6443"));
}

#[test]
fn the_endpoint_changes_in_place() {
    let world = World::new();
    let stack = Stack::network(&world);
    let cluster = world.work(world.make_cluster(stack.cluster()));
    let path = format!("{ENGINE}/clusters/{cluster}/actions/updateEndpointConfig");
    world.work(world.post(&path, json!({ "isPublicIpEnabled": false, "nsgIds": [stack.worker] })));
    let seen = world.get(&format!("{ENGINE}/clusters/{cluster}")).ok();
    assert_eq!(seen["endpoints"].get("publicEndpoint"), None);
    assert_eq!(seen["endpointConfig"]["nsgIds"], json!([stack.worker]));
}

#[test]
fn options_tell_what_may_be_chosen() {
    let world = World::with(Config::default());
    let clusters = world.get(&format!("{ENGINE}/clusterOptions/all")).ok();
    assert_eq!(clusters["kubernetesVersions"], json!(kubernetes::OFFERED));
    let pools = world.get(&format!("{ENGINE}/nodePoolOptions/all?compartmentId={COMPARTMENT}")).ok();
    assert!(pools["shapes"].as_array().expect("a list").contains(&json!("VM.Standard.A1.Flex")));
}

#[test]
fn a_version_that_is_no_longer_offered_is_refused() {
    let world = World::with(Config::default());
    let stack = Stack::network(&world);
    let at = |version: &str| {
        let mut cluster = stack.cluster();
        cluster["kubernetesVersion"] = json!(version);
        world.make_cluster(cluster)
    };
    let refused = at("v1.32.1");
    assert_eq!((refused.status, &refused.body["code"]), (400, &json!("InvalidParameter")));
    for version in kubernetes::OFFERED {
        assert_eq!(at(version).status, 202, "{version}");
    }
}

#[test]
fn a_rule_whose_peer_is_deleted_is_no_longer_valid() {
    let world = World::new();
    let stack = Stack::network(&world);
    let group = format!("{CORE}/networkSecurityGroups/{}", stack.api);
    let rule = json!({
        "direction": "EGRESS", "protocol": "all",
        "destination": stack.pod, "destinationType": "NETWORK_SECURITY_GROUP",
    });
    world.post(&format!("{group}/actions/addSecurityRules"), json!({ "securityRules": [rule] })).ok();
    world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.pod)).ok();
    assert_eq!(world.get(&format!("{group}/securityRules")).ok()[0]["isValid"], false);
}

#[test]
fn a_gateway_may_lose_the_service_that_a_route_names() {
    let world = World::new();
    let stack = Stack::network(&world);
    let gateway = format!("{CORE}/serviceGateways/{}", stack.services);
    assert_eq!(world.put(&gateway, json!({ "services": [] })).ok()["services"], json!([]));
}

#[test]
fn a_virtual_pool_lives_in_an_enhanced_cluster_and_holds_its_network() {
    let world = World::new();
    let stack = Stack::network(&world);
    let enhanced = but(stack.cluster(), json!({ "type": "ENHANCED_CLUSTER" }));
    let cluster = world.work(world.make_cluster(enhanced));
    let pool = world.work(world.make_virtual_pool(stack.virtual_pool(&world, &cluster)));
    let path = format!("{ENGINE}/virtualNodePools/{pool}");
    let seen = world.get(&path).ok();
    assert_eq!((&seen["lifecycleState"], &seen["kubernetesVersion"]), (&json!("ACTIVE"), &json!("v1.32.1")));
    let vnics = |nsg: &str| world.get(&format!("{CORE}/networkSecurityGroups/{nsg}/vnics")).ok();
    assert_eq!(vnics(&stack.worker).as_array().map(Vec::len), Some(2));
    assert_eq!(vnics(&stack.pod).as_array().map(Vec::len), Some(1));
    let taints = json!([{ "key": "virtual", "value": "true", "effect": "NoSchedule" }]);
    world.work(world.put(&path, json!({ "size": 0, "taints": taints })));
    assert_eq!(world.get(&path).ok()["taints"], taints);
    assert_eq!(vnics(&stack.worker), json!([]));
    world.work(world.delete(&path));
    assert_eq!(world.sim.state()["virtualNodePools"], json!([]));
}
