//! `golden/NAME.hcl` generates exactly the files of `golden/NAME/`: the same
//! names, the same bytes, nothing more.

use crate::common::{files_under, generate, goldens, root, write_files};
use std::collections::BTreeMap;
use std::fs;

const UPDATE: &str = "UPDATE_GOLDENS=1 cargo test --test it golden";

#[test]
fn every_golden_is_what_its_spec_generates() {
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut differences = String::new();
    for golden in goldens() {
        let directory = root().join("golden").join(&golden.name);
        let generated = generate(&golden.source, golden.layout);
        if update {
            let _ = fs::remove_dir_all(&directory);
            write_files(&generated, &directory);
        }
        let expected = if directory.is_dir() { files_under(&directory) } else { BTreeMap::new() };
        let actual: BTreeMap<String, String> =
            generated.files.iter().map(|(path, text)| (path.to_owned(), text.to_string())).collect();
        let paths: std::collections::BTreeSet<_> = expected.keys().chain(actual.keys()).collect();
        for path in paths {
            let (old, new) = (expected.get(path), actual.get(path));
            if old != new {
                let diff = similar::TextDiff::from_lines(old.map_or("", |t| t), new.map_or("", |t| t))
                    .unified_diff()
                    .header(&format!("golden/{}/{path}", golden.name), "generated")
                    .to_string();
                differences.push_str(&diff);
            }
        }
    }
    assert!(differences.is_empty(), "goldens differ; if that is meant, update them with\n  {UPDATE}\n\n{differences}");
}

#[test]
fn the_built_in_default_is_the_default_golden() {
    let golden = goldens().into_iter().find(|golden| golden.name == "default").expect("golden/default.hcl");
    assert_eq!(golden.source.text, cloudspells::DEFAULT_SPEC);
}

#[test]
fn the_goldens_use_every_attribute() {
    let text: String = goldens().iter().map(|golden| golden.source.text.clone()).collect();
    for attribute in [
        "cidr_block",
        "dns_label",
        "compartment_id",
        "freeform_tags",
        "defined_tags",
        "vcn",
        "kubernetes_version",
        "display_name",
        "pods_cidr",
        "services_cidr",
        "api_allowed_cidrs",
        "endpoint",
        "workloads",
        "kms_key_id",
        "image_policy",
        "oidc",
        "oidc_discovery",
        "persistent_volume_tags",
        "load_balancer_tags",
        "load_balancers",
        "load_balancer_ports",
        "load_balancer_rules",
        "type",
        "configuration",
        "version",
        "create_kubeconfig",
        "security_profile",
        "role",
        "tier",
        "instance_count",
        "availability_domains",
        "fault_domains",
        "public_ip",
        "nsg_ids",
        "in_transit_encryption",
        "agent_plugins",
        "size_in_gbs",
        "vpus_per_gb",
        "attachment_type",
        "device",
        "backup_policy_id",
        "shape",
        "image",
        "node_count",
        "ocpus",
        "memory_in_gbs",
        "ssh_public_key",
        "boot_volume_size_in_gbs",
        "initial_node_labels",
        "max_pods_per_node",
        "pin_image",
        "preflight_checks",
        "cloud_init",
        "tier",
        "size",
        "min",
        "max",
        "initial",
        "cooldown",
        "step",
        "cpu",
        "memory",
        "cron",
        "access",
        "bandwidth",
        "protocol",
        "port",
        "backend_port",
        "health_check",
        "certificate_id",
        "certificate_pem",
        "redirect_http",
        "keep_client_addresses",
        "auth",
        "config_file_profile",
        "tenancy_ocid",
        "user_ocid",
        "fingerprint",
        "private_key_path",
        "region",
        "retry_duration_seconds",
        "disable_auto_retries",
        "ignore_defined_tags",
        "serves",
        "served_by",
    ] {
        let used = text
            .lines()
            .any(|line| line.trim().strip_prefix(attribute).is_some_and(|rest| rest.trim_start().starts_with('=')));
        assert!(used, "no golden sets {attribute}");
    }
}
