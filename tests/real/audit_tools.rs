//! What OpenTofu (and Terraform, where there is one) says today of the stacks
//! in `tests/audit/stacks` and of the goldens, read by the audit.

use crate::common;
use crate::common::cloud::Cloud;
use crate::common::home::Home;
use crate::common::life::{speak_to, tools};
use crate::common::proofs::is_placement;
use crate::common::tools::{Tool, said};
use crate::common::{goldens, proofs, root, write_files};
use cloudspells::audit::{PodNetworking, Subject, read};
use std::collections::BTreeSet;
use std::path::Path;

/// Plans with credentials and a control plane, without which the real provider
/// makes no plan.
fn plan(tool: &Tool, directory: &Path) -> String {
    let (cloud, home) = (Cloud::start(), tempfile::tempdir().expect("a temporary directory"));
    tool.succeeds(directory, &["init", "-no-color", "-input=false", "-backend=false"]);
    let mut planning = tool.command(directory, &["plan", "-no-color", "-input=false", "-out", "plan.bin"]);
    speak_to(&mut planning, &cloud, home.path());
    let planned = planning.output().expect("the tool starts");
    assert!(planned.status.success(), "{} plan failed:\n{}", tool.name, said(&planned));
    tool.succeeds(directory, &["show", "-json", "plan.bin"])
}

fn subject(name: &str, text: &str) -> Subject {
    read(text).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory can be made");
    for entry in std::fs::read_dir(from).expect("a stack can be read") {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).expect("a stack can be read");
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            std::fs::copy(&path, to.join(name)).expect("a file can be copied");
        }
    }
}

#[test]
fn the_fixtures_are_what_the_tools_say() {
    for tool in tools("plans of the audited stacks") {
        for name in ["modules", "foreign", "each"] {
            let directory = tempfile::tempdir().expect("a temporary directory");
            copy(&root().join("tests/audit/stacks").join(name), directory.path());
            let fixture = root().join("tests/audit").join(name).with_extension("json");
            let fixture = std::fs::read_to_string(fixture).expect("a fixture can be read");
            assert_eq!(subject(name, &plan(&tool, directory.path())), subject(name, &fixture), "{name}, {}", tool.name);
        }
    }
}

/// The strict stack's own first plan holds, and with its text hardly anything of
/// it is assumed.
#[test]
fn the_first_plan_of_a_strict_stack_is_proven() {
    for tool in tools("the audit of a strict stack's first plan") {
        let home = Home::with(&std::fs::read_to_string(root().join("golden/strict.hcl")).expect("a golden"));
        home.fine("gen --out infra");
        let example = home.path("infra/terraform.tfvars.example");
        std::fs::rename(example, home.path("infra/terraform.tfvars")).expect("an example can be renamed");
        home.write("plan.json", plan(&tool, &home.path("infra")));
        let blind = home.fine("audit plan.json");
        assert!(blind.contains("29 of 29 required flows are proven."), "{blind}");
        assert!(blind.contains(" times: a list is taken to have what "), "{blind}");
        let seen = home.fine("audit --dir infra plan.json");
        assert_eq!(
            seen.split("Not known for certain")
                .nth(1)
                .map(|rest| rest.lines().filter(|line| line.starts_with("  ")).count()),
            Some(2),
            "{seen}"
        );
        assert!(!seen.contains("a list is taken to have what "), "{seen}");
        // UDP that is opened to the world is an exposure in the plan already.
        let rules = home.read("infra/nsg_rules.tf");
        let (before, rule) = rules.split_once("\"k8s_worker_ingress_udp_30000_32767_from_lb\"").expect("the rule");
        let open = rule
            .replacen("security_group.k8s_worker.id", "security_group.k8s_lb.id", 1)
            .replacen("= oci_core_network_security_group.k8s_lb.id\n  source_type", "= \"0.0.0.0/0\"\n  source_type", 1)
            .replacen("NETWORK_SECURITY_GROUP", "CIDR_BLOCK", 1);
        home.write("infra/nsg_rules.tf", format!("{before}\"k8s_worker_ingress_udp_30000_32767_from_lb\"{open}"));
        home.write("plan.json", plan(&tool, &home.path("infra")));
        let opened = home.run("audit plan.json").stdout;
        assert!(opened.contains("HIGH    internet → k8s.lb  UDP 30000-32767"), "{opened}");
    }
}

/// With this, data sources are read only at the apply, which never comes: what
/// they give is not known.
fn defer_data(directory: &Path) {
    for entry in std::fs::read_dir(directory).expect("a golden can be read") {
        let path = entry.expect("a golden can be read").path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            let text = std::fs::read_to_string(&path).expect("a golden can be read");
            let later = |line: &str| match line.starts_with("data \"") {
                true => format!("{line}\n  depends_on = [terraform_data.later]\n"),
                false => format!("{line}\n"),
            };
            std::fs::write(&path, text.lines().map(later).collect::<String>()).expect("a golden can be written");
        }
    }
    std::fs::write(directory.join("later.tf"), "resource \"terraform_data\" \"later\" {}\n").expect("can be written");
}

#[test]
fn the_plan_of_every_golden_is_read_whole() {
    for tool in tools("audited plans of the goldens") {
        for golden in goldens().into_iter().filter(|golden| golden.layout == cloudspells::Layout::Root) {
            let directory = tempfile::tempdir().expect("a temporary directory");
            write_files(&common::generate(&golden.source, golden.layout), directory.path());
            let example = directory.path().join("terraform.tfvars.example");
            std::fs::rename(example, directory.path().join("terraform.tfvars")).expect("an example can be renamed");
            defer_data(directory.path());
            let subject = proofs::subject(&plan(&tool, directory.path()), directory.path(), &golden.name);

            // NSGs that a spec names and does not have are in no plan.
            let names_nsgs = golden.source.text.contains("nsg_ids");
            // What the cloud controller adds to its NSG is in no plan either.
            let is_controllers = golden.source.text.contains("\"controller\"");
            let others: Vec<_> = subject
                .unknowns
                .iter()
                .filter(|one| !is_placement(&one.attribute) && one.attribute != "vnics")
                .filter(|one| !names_nsgs || !one.attribute.ends_with("nsg_ids"))
                .filter(|one| !is_controllers || !one.attribute.ends_with(".backend_nsg_ids"))
                .collect();
            assert!(others.is_empty(), "{}: {others:#?}", golden.name);
            let model = cloudspells::model(&golden.source, cloudspells::Profiles::AsWritten);
            let model = model.unwrap_or_else(|_| panic!("{} is a good spec", golden.name)).value;
            let name = |group: &usize| subject.network.groups[*group].name.as_str();
            for cluster in &subject.clusters {
                let name_of_pools = cluster.name.replace('-', "_");
                let is_pool = |kind: &str| format!("resource \"oci_containerengine_{kind}\" \"{name_of_pools}_");
                let pools = std::fs::read_to_string(directory.path().join("node_pools.tf")).unwrap_or_default();
                let has_pools = ["node_pool", "virtual_node_pool"].iter().any(|kind| pools.contains(&is_pool(kind)));
                // In an overlay pods have no VNICs.
                let has_pods = has_pools && cluster.pod_networking == PodNetworking::VcnNative;
                let nsgs = std::fs::read_to_string(directory.path().join("nsgs.tf")).expect("its NSGs");
                for (role, groups) in &cluster.vnics {
                    let role = role.word;
                    let names: Vec<_> = groups.iter().map(name).collect();
                    // A role that the spec did not ask for has no NSG.
                    let is_here = nsgs.contains(&format!("\"{name_of_pools}_{role}\" {{"));
                    if !is_here || !has_pools && role == "worker" || !has_pods && role == "pod" {
                        assert_eq!(names, [""; 0]);
                        continue;
                    }
                    // As the spec's own proof has them: several, where pools are in
                    // several tiers.
                    let whole = format!("{}.{role}", cluster.name);
                    let is_part = |name: &str| name == whole || name.starts_with(&format!("{whole} in "));
                    let of_spec = model.network.groups.iter().map(|group| group.name.as_str());
                    let expected: BTreeSet<_> = of_spec.filter(|name| is_part(name)).collect();
                    assert_eq!(names.into_iter().collect::<BTreeSet<_>>(), expected, "{}", golden.name);
                    // Workers are also in the controller's NSG.
                    let most = if is_controllers { 2 } else { 1 };
                    for group in groups {
                        let count = subject.network.groups[*group].nsgs.len();
                        assert!((1..=most).contains(&count), "{}: {role} has {count} NSGs", golden.name);
                    }
                }
            }
            assert_eq!(subject.network.subnets.len(), 4 * subject.network.vcns.len(), "{}", golden.name);
            let list = |subnet: &cloudspells::prove::network::Subnet| {
                subnet.security_lists.iter().all(|list| !subject.network.security_lists[list].is_empty())
            };
            assert!(subject.network.subnets.values().all(list), "{}", golden.name);
            // The controller's NSG is left empty for it.
            let nsgs = subject.network.nsgs.iter().filter(|(nsg, _)| !is_controllers || !nsg.ends_with("_backend"));
            assert!(nsgs.into_iter().all(|(_, rules)| !rules.is_empty()), "{}", golden.name);
        }
    }
}
