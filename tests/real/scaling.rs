//! A pool whose size is an autoscaler's: what that changes is left alone, and
//! turning it on and off moves and replaces nothing.

use crate::common::life::{Stack, tools};
use crate::common::plan::summary;
use serde_json::json;

fn spec(count: &str) -> String {
    format!(
        "vcn \"lab\" {{}}\n\noke_cluster \"k8s\" {{\n  kubernetes_version = \"v1.35.2\"\n\n  node_pool \"default\" {{\n    shape = \"VM.Standard.A1.Flex\"\n    node_count = {count}\n    ocpus = 1\n    memory_in_gbs = 6\n  }}\n}}\n"
    )
}

#[test]
fn what_an_autoscaler_changed_is_left_alone_until_it_is_turned_off() {
    for tool in tools("a pool that something else scales") {
        let scaled = spec("{ min = 1, max = 5, initial = 2 }");
        let stack = Stack::new(&tool, &scaled);
        stack.apply();
        stack.assert_settled();
        let pool = stack.cloud.snapshot()["nodePools"][0].clone();
        assert_eq!(pool["nodeConfigDetails"]["size"], 2);
        let mut details = pool["nodeConfigDetails"].clone();
        details["size"] = json!(4);
        let address = format!("{}/20180222/nodePools/{}", stack.cloud.host(), pool["id"].as_str().expect("an id"));
        ureq::put(&address).send_json(json!({ "nodeConfigDetails": details })).expect("OCI takes it");
        ureq::get(&address).call().expect("it is there");
        stack.assert_settled();
        // Another part of the pool changes, and its size does not.
        stack.change_to(&scaled.replace("ocpus = 1", "ocpus = 2"));
        stack.apply();
        assert_eq!(stack.cloud.snapshot()["nodePools"][0]["nodeConfigDetails"]["size"], 4);
        stack.change_to(&spec("2"));
        let plan = summary(&stack.plan_json());
        assert!(
            plan.starts_with("update oci_containerengine_node_pool.k8s_default (node_config_details.size"),
            "{plan}"
        );
        assert_eq!(plan.lines().count(), 1, "{plan}");
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        stack.destroy();
    }
}

fn workload(ocpus: u64, scaled: &str) -> String {
    format!(
        "vcn \"lab\" {{}}\n\nscalable_workload \"web\" {{\n  shape = \"VM.Standard.E5.Flex\"\n  ocpus = {ocpus}\n  memory_in_gbs = 8\n{scaled}\n}}\n"
    )
}

/// An autoscaler changes the size of its pool: what OCI does, by the same call as
/// a person.
#[test]
fn what_an_autoscaler_changed_in_an_instance_pool_is_left_alone() {
    for tool in tools("an instance pool that OCI scales") {
        let scaling =
            "  autoscaling {\n    min = 1\n    max = 5\n    initial = 2\n    cpu = { above = 70, below = 30 }\n  }";
        let stack = Stack::new(&tool, &workload(1, scaling));
        stack.apply();
        stack.assert_settled();
        let pool = stack.cloud.snapshot()["instancePools"][0].clone();
        assert_eq!(pool["size"], 2);
        let id = pool["id"].as_str().expect("an id");
        let address = format!("{}/20160918/instancePools/{id}", stack.cloud.host());
        ureq::put(&address).send_json(json!({ "size": 4 })).expect("OCI takes it");
        ureq::get(&address).call().expect("it is there");
        stack.assert_settled();
        // The pool goes over to another configuration, where it is, as large as it is.
        stack.change_to(&workload(2, scaling));
        let plan = summary(&stack.plan_json());
        assert!(plan.contains("update oci_core_instance_pool.web (instance_configuration_id)"), "{plan}");
        assert!(plan.contains("REPLACE oci_core_instance_configuration.web"), "{plan}");
        assert_eq!(plan.lines().count(), 2, "{plan}");
        stack.apply();
        stack.assert_settled();
        let after = stack.cloud.snapshot()["instancePools"][0].clone();
        assert_eq!((&after["id"], &after["size"]), (&pool["id"], &json!(4)));
        assert_ne!(after["instanceConfigurationId"], pool["instanceConfigurationId"]);
        // Without the autoscaler the spec says the size again.
        stack.change_to(&workload(2, "  size = 3"));
        let plan = summary(&stack.plan_json());
        assert!(plan.contains("update oci_core_instance_pool.web (size)"), "{plan}");
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        stack.destroy();
    }
}
