//! The whole life of every golden, with real OpenTofu and Terraform, against an
//! OCI control plane of our own: apply, a second plan without changes, the
//! control plane has what is written, destroy, nothing is left.

use crate::common::goldens;
use crate::common::is_asked_for;
use crate::common::life::{Stack, tools};
use crate::common::plan::summary;
use crate::common::proofs;
use crate::common::tools::{said, say};
use cloudspells::Profiles;
use oci_sim::refusals;
use serde_json::json;
use std::path::Path;
use std::time::Instant;

fn lives_of_every_golden(name: &str) {
    let tools = tools(&format!("lifecycle of every golden with {name}"));
    let Some(tool) = tools.iter().find(|tool| tool.name == name) else {
        if !tools.is_empty() {
            say(&format!("skipped the lifecycles with {name}: there is none on this machine"));
        }
        return;
    };
    for golden in goldens().into_iter().filter(|golden| is_asked_for(&golden.name)) {
        let began = Instant::now();
        let stack = Stack::of(tool, &golden.source, golden.layout);
        let model =
            cloudspells::model(&golden.source, Profiles::AsWritten).unwrap_or_else(|_| panic!("a good spec")).value;
        proofs::assert_same(&model, &stack.plan_json(), stack.directory(), &format!("the plan of {}", golden.name));
        stack.apply();
        let state = format!("the state of {}", golden.name);
        let pairs = proofs::assert_same(&model, &stack.state_json(), stack.directory(), &state);
        stack.assert_settled();
        let compared = stack.assert_as_written();
        if golden.source.text.contains("create_kubeconfig") {
            assert_kubeconfig(&stack.home().join(".kube/prod"));
        }
        stack.destroy();
        let seconds = began.elapsed().as_secs_f32();
        say(&format!(
            "{name}: {} lived, {compared} resources as written, {pairs} pairs as proven, {seconds:.1} s",
            golden.name
        ));
    }
}

/// It is there, and nobody else may read it.
fn assert_kubeconfig(path: &Path) {
    let written = std::fs::read_to_string(path).expect("a kubeconfig");
    assert!(written.contains("kind: Config"), "{written}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).expect("a kubeconfig").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[test]
fn every_golden_lives_with_opentofu() {
    lives_of_every_golden("tofu");
}

#[test]
fn every_golden_lives_with_terraform() {
    lives_of_every_golden("terraform");
}

#[test]
fn a_stack_that_differs_from_its_text_is_noticed() {
    for tool in tools("a control plane that was changed by hand") {
        let stack = Stack::new(&tool, "vcn \"lab\" {}\n");
        stack.apply();
        assert!(stack.assert_as_written() > 10);
        // What is written changes, what there is does not.
        for (file, old, new) in [
            ("network.tf", "\"10.0.48.0/21\"", "\"10.0.40.0/21\""),
            ("network.tf", "oci_core_nat_gateway.lab.id", "oci_core_internet_gateway.lab.id"),
            ("network.tf", "{ tier = \"secure\" }", "{ tier = \"private\" }"),
            ("security_lists.tf", "code = 4", "code = 3"),
            ("security_lists.tf", "\n      code = 4", ""),
        ] {
            let path = stack.module().join(file);
            let text = std::fs::read_to_string(&path).expect("read");
            assert!(text.contains(old), "{file} has no `{old}`");
            std::fs::write(&path, text.replacen(old, new, 1)).expect("written");
            let judged = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stack.assert_as_written()));
            assert!(judged.is_err(), "{file}: `{new}` for `{old}` went unnoticed");
            std::fs::write(&path, text).expect("written");
        }
        stack.destroy();
    }
}

#[test]
fn what_oci_refuses_fails_the_apply() {
    for tool in tools("a stack that OCI refuses") {
        for (file, old, new, refusal) in [
            ("network.tf", "\"10.0.48.0/21\"", "\"10.1.0.0/21\"", refusals::SUBNET_OUTSIDE_VCN),
            (
                "network.tf",
                "oci_core_nat_gateway.lab.id",
                "oci_core_service_gateway.lab.id",
                refusals::ROUTE_TARGET_KIND,
            ),
            ("security_lists.tf", "protocol    = \"1\"", "protocol    = \"6\"", refusals::OPTIONS_OF_OTHER_PROTOCOL),
        ] {
            let stack = Stack::new(&tool, "vcn \"lab\" {}\n");
            let path = stack.module().join(file);
            let text = std::fs::read_to_string(&path).expect("read");
            assert!(text.contains(old), "{file} has no `{old}`");
            std::fs::write(&path, text.replacen(old, new, 1)).expect("written");
            let output = stack.try_apply();
            assert!(!output.status.success(), "{file}: OCI took `{new}` for `{old}`");
            assert!(said(&output).contains(refusal.code), "{}", said(&output));
            assert!(stack.cloud.simulator.refusals().contains(&refusal.name), "{file}: `{new}` for `{old}`");
            std::fs::write(&path, text).expect("written");
            stack.apply();
            stack.assert_settled();
            stack.assert_as_written();
            stack.destroy();
        }
    }
}

#[test]
fn what_was_changed_by_hand_is_put_back() {
    for tool in tools("a stack that somebody changed by hand") {
        let stack = Stack::new(&tool, cloudspells::DEFAULT_SPEC);
        stack.apply();
        let (host, has) = (stack.cloud.host(), stack.cloud.snapshot());
        let find = |collection: &str, name: &str| {
            let all = has[collection].as_array().expect("a collection");
            all.iter().find(|one| one["displayName"] == name).unwrap_or_else(|| panic!("no {name}")).clone()
        };
        let put = |collection: &str, id: &serde_json::Value, body: serde_json::Value| {
            let address = format!("{host}/20160918/{collection}/{}", id.as_str().expect("an id"));
            ureq::put(address).send_json(body).expect("OCI takes it");
        };
        // SSH from anywhere, by the list that is meant to be empty.
        let ssh = json!({ "protocol": "6", "source": "0.0.0.0/0",
            "tcpOptions": { "destinationPortRange": { "min": 22, "max": 22 } } });
        put("securityLists", &find("securityLists", "lab-sl-default")["id"], json!({ "ingressSecurityRules": [ssh] }));
        put("subnets", &find("subnets", "lab-sn-secure")["id"], json!({ "displayName": "mine" }));
        put("routeTables", &find("routeTables", "lab-rt-public")["id"], json!({ "routeRules": [] }));
        let nsg = find("networkSecurityGroups", "k8s-lb-nsg");
        let address = format!("{host}/20160918/networkSecurityGroups/{}", nsg["id"].as_str().expect("an id"));
        let rule = json!({ "securityRuleIds": [nsg["securityRules"][0]["id"]] });
        ureq::post(format!("{address}/actions/removeSecurityRules")).send_json(rule).expect("OCI takes it");

        let plan = summary(&stack.plan_json());
        let lines: Vec<_> = plan.lines().collect();
        assert!(lines[0].starts_with("create oci_core_network_security_group_security_rule.k8s_lb_"), "{plan}");
        assert_eq!(
            lines[1..],
            [
                "update oci_core_default_security_list.lab (ingress_security_rules)",
                "update oci_core_route_table.lab_public (route_rules)",
                "update oci_core_subnet.lab_secure (display_name)",
            ],
        );
        stack.apply();
        stack.assert_settled();
        stack.assert_as_written();
        stack.destroy();
    }
}
