//! A tenancy whose tag defaults tag all that is made there: the provider block
//! that is generated leaves those tags alone. Only Oracle's provider can show it.

use crate::common::cloud::Cloud;
use crate::common::life::Stack;
use crate::common::plan::summary;
use crate::common::tools::with_the_real_provider;
use cloudspells::Layout;
use cloudspells::diagnostic::Source;
use serde_json::json;

const DEFAULTS: [[&str; 3]; 3] = [
    ["Oracle-Tags", "CreatedBy", "somebody"],
    ["Oracle-Tags", "CreatedOn", "2026-11-26T00:00:00.000Z"],
    ["Finance", "Owner", "nobody"],
];

/// A tag is ignored whatever its case, and one that is ignored is never sent.
const SPEC: &str = r#"provider {
  ignore_defined_tags = ["finance.owner"]
}

vcn "lab" {
  defined_tags = { "Operations.CostCenter" = "42", "Oracle-Tags.CreatedBy" = "me" }
}

oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  defined_tags       = { "Operations.CostCenter" = "42" }

  node_pool "default" {
    shape         = "VM.Standard.A1.Flex"
    node_count    = 1
    ocpus         = 1
    memory_in_gbs = 6
  }
}
"#;

#[test]
fn tags_of_a_tenancy_are_no_difference_to_the_generated_provider_block() {
    for tool in with_the_real_provider("tags that a tenancy puts on all that is made") {
        let cloud = Cloud::with_tag_defaults(&DEFAULTS);
        let stack = Stack::at(&tool, &Source::file("test.hcl", SPEC), Layout::Root, cloud);
        stack.apply();
        let tags = |center: &str| {
            json!({
                "Oracle-Tags": { "CreatedBy": "somebody", "CreatedOn": "2026-11-26T00:00:00.000Z" },
                "Finance": { "Owner": "nobody" },
                "Operations": { "CostCenter": center },
            })
        };
        let has = |center: &str| {
            let snapshot = stack.cloud.snapshot();
            for collection in ["vcns", "subnets", "networkSecurityGroups", "clusters", "nodePools"] {
                let all = snapshot[collection].as_array().expect("a collection");
                assert!(!all.is_empty(), "{collection}");
                for one in all {
                    assert_eq!(one["definedTags"], tags(center), "{collection}: {one:#}");
                }
            }
        };
        has("42");
        stack.assert_settled();

        // Without the tags in the block each plan would take them away.
        let path = stack.module().join("providers.tf");
        let written = std::fs::read_to_string(&path).expect("providers.tf");
        let (before, rest) = written.split_once("  ignore_defined_tags = [").expect("the tags");
        let (_, after) = rest.split_once("]\n").expect("the list ends");
        std::fs::write(&path, format!("{before}{after}")).expect("can be written");
        let plan = summary(&stack.plan_json());
        for address in ["oci_core_vcn.lab", "oci_core_subnet.lab_public", "oci_containerengine_cluster.k8s"] {
            assert!(plan.contains(&format!("update {address} (defined_tags")), "{plan}");
        }
        std::fs::write(&path, written).expect("can be written");
        stack.assert_settled();

        // A tag of ours changes, the tenancy's stay.
        stack.change_to(&SPEC.replace("\"42\"", "\"43\""));
        stack.apply();
        stack.assert_settled();
        has("43");
        stack.destroy();
    }
}
