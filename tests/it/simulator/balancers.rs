//! Load balancers, and the pools behind them.

use serde_json::{Value, json};

use super::client::{BALANCERS, CORE, NETWORK_BALANCERS, World, but};
use super::stack::Stack;

/// A pool of two behind a backend set of a load balancer of either kind.
fn pool_behind(world: &World, stack: &Stack, balancer: &str) -> String {
    let attachment =
        json!({ "loadBalancerId": balancer, "backendSetName": "web", "port": 80, "vnicSelection": "PrimaryVnic" });
    let configuration = world.make("instanceConfigurations", stack.configuration()).id();
    let pool = stack.instance_pool(world, &configuration);
    world.make("instancePools", but(pool, json!({ "loadBalancers": [attachment] }))).id()
}

fn backends(world: &World, path: &str, member: &str) -> Vec<Value> {
    let set = world.get(&format!("{path}/backendSets/web")).ok();
    set["backends"].as_array().expect("a list").iter().map(|backend| backend[member].clone()).collect()
}

#[test]
fn the_instances_of_a_pool_are_backends_as_long_as_they_are_there() {
    let world = World::new();
    let stack = Stack::network(&world);
    let id = world.balanced(world.make_balancer(BALANCERS, stack.balancer()));
    let path = format!("{BALANCERS}/{id}");
    let set = json!({ "name": "web", "policy": "ROUND_ROBIN", "healthChecker": { "protocol": "TCP" } });
    world.balanced(world.post(&format!("{path}/backendSets"), set));
    let pool = format!("{CORE}/instancePools/{}", pool_behind(&world, &stack, &id));
    assert_eq!(backends(&world, &path, "ipAddress"), ["10.0.0.2", "10.0.0.3"]);
    world.put(&pool, json!({ "size": 3 })).ok();
    assert_eq!(backends(&world, &path, "name"), ["10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"]);
    let detachment = json!({ "loadBalancerId": id, "backendSetName": "web" });
    world.post(&format!("{pool}/actions/detachLoadBalancer"), detachment).ok();
    assert_eq!(backends(&world, &path, "name"), Vec::<Value>::new());
    assert_eq!(world.get(&pool).ok()["loadBalancers"][0]["lifecycleState"], "DETACHED");
    world.delete(&pool).ok();
    world.balanced(world.delete(&path));
    assert_eq!(world.sim.state()["loadBalancers"], json!([]));
}

#[test]
fn behind_a_network_load_balancer_instances_are_targets() {
    let world = World::new();
    let stack = Stack::network(&world);
    let id = world.balanced(world.make_balancer(NETWORK_BALANCERS, stack.network_balancer()));
    let path = format!("{NETWORK_BALANCERS}/{id}");
    let set = json!({ "name": "web", "policy": "FIVE_TUPLE", "healthChecker": { "protocol": "TCP" } });
    world.balanced(world.post(&format!("{path}/backendSets"), set));
    let listener = json!({ "name": "tcp", "defaultBackendSetName": "web", "port": 80, "protocol": "TCP" });
    world.balanced(world.post(&format!("{path}/listeners"), listener));
    pool_behind(&world, &stack, &id);
    let state = world.sim.state();
    let instances: Vec<_> = (0..2).map(|at| state["instances"][at]["id"].clone()).collect();
    assert_eq!(backends(&world, &path, "targetId"), instances);
    assert_eq!(state["networkLoadBalancers"][0]["backendSets"]["web"]["isPreserveSource"], true);
}

#[test]
fn the_key_of_a_certificate_is_not_shown() {
    let world = World::new();
    let stack = Stack::network(&world);
    let path = format!("{BALANCERS}/{}", world.balanced(world.make_balancer(BALANCERS, stack.balancer())));
    let pem = |what: &str| format!("-----BEGIN {what}-----\nAAAA\n-----END {what}-----\n");
    let (certificate, key) = (pem("CERTIFICATE"), pem("PRIVATE KEY"));
    let body = json!({ "certificateName": "web", "publicCertificate": certificate, "privateKey": key });
    world.balanced(world.post(&format!("{path}/certificates"), body));
    let shown = world.get(&format!("{path}/certificates")).ok();
    assert_eq!(shown, json!([{ "certificateName": "web", "publicCertificate": certificate }]));
}
