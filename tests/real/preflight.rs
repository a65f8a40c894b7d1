//! What a plan says before anything is made, right and wrong: versions, shapes and
//! images that OKE has, and those that it has not.

use crate::common::life::{Stack, tools};
use crate::common::tools::said;

/// A stack of one pool with more attributes of its cluster and its pool.
fn spec(version: &str, cluster: &str, pool: &str) -> String {
    format!(
        "vcn \"lab\" {{}}\n\noke_cluster \"k8s\" {{\n  kubernetes_version = \"{version}\"\n{cluster}\n  node_pool \"default\" {{\n    node_count = 1\n{pool}\n  }}\n}}\n"
    )
}

const ARM: &str = "    shape = \"VM.Standard.A1.Flex\"\n    ocpus = 1\n    memory_in_gbs = 6\n";

/// Spec, and what the plan says of it.
fn wrong() -> Vec<(String, &'static str)> {
    let image = |unique: &str| format!("{ARM}    image = \"ocid1.image.oc1.eu-frankfurt-1.{unique}\"\n");
    vec![
        // A version that is not offered, with those that are.
        (spec("v1.35.9", "", ARM), "does not offer Kubernetes v1.35.9 here, but v1.34.2, v1.35.2, v1.36.1."),
        // The pool's own.
        (
            spec("v1.36.1", "", &format!("{ARM}    kubernetes_version = \"v1.35.9\"\n")),
            "does not offer Kubernetes v1.35.9",
        ),
        (
            spec("v1.35.2", "", "    shape = \"VM.Standard.E7.Flex\"\n    ocpus = 1\n    memory_in_gbs = 6\n"),
            "no shape VM.Standard.E7.Flex here",
        ),
        // Of another version, of another processor, with GPU drivers, nobody's.
        (spec("v1.35.2", "", &image("ol810aarch64k1341")), "is none of OKE's for Kubernetes v1.35.2 on Arm"),
        (spec("v1.35.2", "", &image("ol810k1352")), "is none of OKE's for Kubernetes v1.35.2 on Arm"),
        (spec("v1.35.2", "", &image("ol810gen2gpuk1352")), "is none of OKE's for Kubernetes v1.35.2 on Arm"),
        (spec("v1.35.2", "", &image("custom")), "is none of OKE's for Kubernetes v1.35.2 on Arm"),
        (
            spec("v1.35.2", "", &format!("{ARM}    image = {{ os_version = \"7\" }}\n")),
            "no image of Oracle Linux 7 for Kubernetes v1.35.2 on Arm",
        ),
    ]
}

#[test]
fn what_oke_has_not_is_said_before_anything_is_made() {
    for tool in tools("plans of what OKE does not have") {
        let stack = Stack::new(&tool, &spec("v1.35.2", "", ARM));
        for (text, complaint) in wrong() {
            stack.change_to(&text);
            let output = stack.run(&["plan", "-no-color", "-input=false"]);
            let said = said(&output).replace('\n', " ");
            let said = said.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            assert!(!output.status.success() && said.contains(complaint), "{complaint}:\n{text}\n{said}");
            // One thing is wrong: nothing else is said, but that there is no image
            // for a version that there is not.
            let errors = said.matches("Error:").count();
            let of_image = said.matches("OKE has no image for Kubernetes v1.35.9").count();
            assert_eq!(errors - of_image, 1, "{text}\n{said}");
        }
        assert!(stack.cloud.is_empty());
    }
}

#[test]
fn an_image_that_is_left_out_is_the_newest_that_fits() {
    let image = |version: &str, pool: &str, unique: &str| {
        (spec(version, "", pool), format!("ocid1.image.oc1.eu-frankfurt-1.{unique}"))
    };
    let x86 = "    shape = \"VM.Standard.E5.Flex\"\n    ocpus = 1\n    memory_in_gbs = 6\n";
    let of = |os: &str| format!("{ARM}    image = {{ os = \"Oracle Linux\", os_version = \"{os}\" }}\n");
    let cases = [
        image("v1.35.2", ARM, "ol101aarch64k1352"),
        image("v1.35.2", &of("8"), "ol810aarch64k1352"),
        image("v1.35.2", &of("8.9"), "ol89aarch64k1352"),
        image("v1.35.2", x86, "ol101k1352"),
        image("v1.35.2", "    shape = \"VM.GPU.A10.1\"\n", "ol101gen2gpuk1352"),
        image("v1.36.1", &format!("{ARM}    kubernetes_version = \"v1.34.2\"\n"), "ol101aarch64k1342"),
    ];
    for tool in tools("the newest image") {
        let stack = Stack::new(&tool, &cases[0].0);
        for (text, expected) in &cases {
            stack.change_to(text);
            let plan = stack.plan_json();
            let pools = plan["planned_values"]["root_module"]["resources"].as_array().expect("resources");
            let pool =
                pools.iter().find(|resource| resource["type"] == "oci_containerengine_node_pool").expect("a pool");
            assert_eq!(pool["values"]["node_source_details"][0]["image_id"], **expected, "{text}");
        }
    }
}

#[test]
fn an_image_of_ones_own_and_what_is_not_offered_pass_without_checks() {
    for tool in tools("plans without checks") {
        let pool = format!("{ARM}    image = \"ocid1.image.oc1..custom\"\n    preflight_checks = false\n");
        let stack = Stack::new(&tool, &spec("v1.35.2", "", &pool));
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        // Withdrawn since.
        stack.change_to(&spec(
            "v1.35.2",
            "  preflight_checks = false\n",
            &pool.replace("    preflight_checks = false\n", ""),
        ));
        stack.assert_settled();
        stack.destroy();
    }
}
