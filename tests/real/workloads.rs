//! Instances, volumes, pools and load balancers, written by hand beside a
//! generated network: the simulator and the tests' own reading of HCL know them.

use crate::common::life::{Stack, tools};

/// A network with what is written beside it, applied: an apply would change
/// nothing, and the simulator has what the text says.
fn live(test: &str, text: &str, then: impl Fn(&Stack)) {
    for tool in tools(test) {
        let stack = Stack::new(&tool, "vcn \"lab\" {}\n");
        std::fs::write(stack.module().join("workloads.tf"), text).expect("a file can be written");
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        then(&stack);
        stack.destroy();
    }
}

#[test]
fn instances_live_with_their_volumes() {
    live("instances", include_str!("workloads/instances.tf"), |_| {});
}

#[test]
fn what_an_autoscaler_does_to_a_pool_behind_a_load_balancer_is_left_alone() {
    live("a pool", include_str!("workloads/pool.tf"), |stack| {
        let snapshot = stack.cloud.snapshot();
        let pool = snapshot["instancePools"][0]["id"].as_str().expect("a pool");
        stack.cloud.simulator.autoscale(pool, 5);
        let backends = &stack.cloud.snapshot()["loadBalancers"][0]["backendSets"]["web"]["backends"];
        assert_eq!(backends.as_array().map(Vec::len), Some(5));
        stack.assert_settled();
    });
}
