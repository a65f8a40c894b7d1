//! What real OpenTofu (and Terraform, where there is one) says of the
//! goldens: `init`, `validate`, their own `tofu test`, and a call as a module.

use crate::common;
use crate::common::is_asked_for;
use crate::common::strategy::{sample, spec};
use crate::common::tools::{Tool, tools};
use crate::common::{generate_text, goldens, write_files};
use std::path::Path;

/// Specs of the generated variety that are validated; each costs a second.
const VARIETY: usize = 10;

fn init(tool: &Tool, directory: &Path) {
    tool.succeeds(directory, &["init", "-no-color", "-input=false", "-backend=false"]);
}

#[test]
fn every_golden_is_valid_and_passes_its_own_tests() {
    for tool in tools("validate and test of the goldens") {
        for golden in goldens().into_iter().filter(|golden| is_asked_for(&golden.name)) {
            let directory = tempfile::tempdir().expect("a temporary directory");
            write_files(&common::generate(&golden.source, golden.layout), directory.path());
            init(&tool, directory.path());
            tool.succeeds(directory.path(), &["validate", "-no-color"]);
            let report = tool.succeeds(directory.path(), &["test", "-no-color"]);
            let tests = std::fs::read_to_string(directory.path().join("tests/stack.tftest.hcl")).expect("read");
            let runs = tests.matches("\nrun \"").count();
            assert!(runs > 0, "{}", golden.name);
            assert!(report.contains(&format!("Success! {runs} passed, 0 failed.")), "{}: {report}", golden.name);
        }
    }
}

#[test]
fn generated_tests_notice_a_stack_that_was_changed() {
    for tool in tools("generated tests of a changed stack") {
        for (file, old, new, complaint) in [
            (
                "network.tf",
                "cidr_block                 = \"10.0.48.0/21\"",
                "cidr_block                 = \"10.0.40.0/21\"",
                "not the part of the VCN",
            ),
            (
                "network.tf",
                "prohibit_public_ip_on_vnic = true",
                "prohibit_public_ip_on_vnic = false",
                "admits public addresses",
            ),
            (
                "nsg_rules.tf",
                "source                    = oci_core_network_security_group.k8s_lb.id",
                "source                    = \"0.0.0.0/0\"",
                "The worker NSG of k8s admits the internet",
            ),
            (
                "security_lists.tf",
                "ingress_security_rules {\n    description = \"Applications in the private subnet reach data\"",
                "ingress_security_rules {\n    description = \"x\"\n    source = \"0.0.0.0/0\"\n    protocol = \"6\"\n  }\n\n  ingress_security_rules {\n    description = \"Applications in the private subnet reach data\"",
                "The security list of a tier of lab other than public",
            ),
            (
                "node_pools.tf",
                "subnet_id           = oci_core_subnet.lab_private.id",
                "subnet_id           = oci_core_subnet.lab_public.id",
                "outside of the private subnet",
            ),
            (
                "node_pools.tf",
                "[oci_core_network_security_group.k8s_pod.id]",
                "[oci_core_network_security_group.k8s_worker.id]",
                "The pods of node pool default of k8s",
            ),
            (
                "cluster.tf",
                "[oci_core_network_security_group.k8s_api.id]",
                "[oci_core_network_security_group.k8s_lb.id]",
                "The API endpoint of k8s is not in its NSG alone",
            ),
            (
                "cluster.tf",
                "subnet_id            = oci_core_subnet.lab_public.id",
                "subnet_id            = oci_core_subnet.lab_private.id",
                "not in the public subnet",
            ),
        ] {
            let directory = tempfile::tempdir().expect("a temporary directory");
            write_files(&generate_text(cloudspells::DEFAULT_SPEC), directory.path());
            let path = directory.path().join(file);
            let text = std::fs::read_to_string(&path).expect("read");
            assert!(text.contains(old), "{file} has no `{old}`");
            std::fs::write(&path, text.replacen(old, new, 1)).expect("written");
            init(&tool, directory.path());
            let output = tool.run(directory.path(), &["test", "-no-color"]);
            let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success() && said.contains(complaint), "{file}: {new}:\n{said}");
        }
    }
}

#[test]
fn the_module_golden_can_be_called_twice() {
    const CALLER: &str = r#"
variable "compartment_ocid" { type = string }
variable "node_image_id" { type = string }

provider "oci" {
  region = "eu-frankfurt-1"
}

terraform {
  required_providers {
    oci = { source = "oracle/oci" }
  }
}

module "oke" {
  source = "./modules/oke"
  count  = 2

  compartment_ocid = var.compartment_ocid
  node_image_id    = var.node_image_id
}

output "clusters" {
  value = module.oke[*].k8s_cluster_id
}
"#;
    let golden = goldens().into_iter().find(|golden| golden.name == "module").expect("golden/module.hcl");
    for tool in tools("a call of the module golden") {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("main.tf"), CALLER).expect("written");
        write_files(&common::generate(&golden.source, golden.layout), &directory.path().join("modules/oke"));
        init(&tool, directory.path());
        tool.succeeds(directory.path(), &["validate", "-no-color"]);
    }
}

#[test]
fn specs_of_every_kind_are_valid() {
    // Expressions of any type would be refused for their type, rightly.
    let plain = sample(spec(), 200).into_iter().filter(|text| !text.contains("true ?")).take(VARIETY);
    let plain: Vec<_> = plain.collect();
    assert_eq!(plain.len(), VARIETY);
    for tool in tools("validate of generated variety") {
        for text in &plain {
            let directory = tempfile::tempdir().expect("a temporary directory");
            write_files(&generate_text(text), directory.path());
            init(&tool, directory.path());
            tool.succeeds(directory.path(), &["validate", "-no-color"]);
        }
    }
}
