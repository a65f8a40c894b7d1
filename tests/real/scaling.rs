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
