//! Clusters whose VNICs are in whatever tiers a spec may choose: what is
//! required of them passes, and what a tier has no way for is said.

use cloudspells::Profiles;
use cloudspells::diagnostic::Source;
use cloudspells::prove::{Concerns, FlowLine, FlowResult, Level, Model, Report};

const TIERS: [&str; 3] = ["private", "secure", "management"];

fn model(text: &str) -> Model {
    let source = Source::file("test.hcl", text.to_owned());
    cloudspells::model(&source, Profiles::AsWritten).unwrap_or_else(|_| panic!("a good spec:\n{text}")).value
}

fn pool(name: &str, more: &str) -> String {
    format!(
        "  node_pool \"{name}\" {{\n    shape = \"VM.Standard.A1.Flex\"\n    node_count = 2\n    ocpus = 2\n    memory_in_gbs = 12\n{more}\n  }}\n"
    )
}

fn cluster(more: &str, pools: &str) -> String {
    format!("vcn \"lab\" {{}}\n\noke_cluster \"k8s\" {{\n  kubernetes_version = \"v1.35.2\"\n{more}\n{pools}}}\n")
}

/// Whether a flow needs a way to the internet that a group in these tiers lacks.
fn is_shut(line: &FlowLine) -> bool {
    let is_of = |name: &str, tier: &str| name.ends_with(&format!(" in lab.{tier}"));
    let is_shut = |name: &str| TIERS.iter().skip(1).any(|tier| is_of(name, tier));
    (line.to == "internet" && is_shut(&line.from)) || (line.from == "internet" && is_shut(&line.to))
}

#[test]
fn what_is_required_passes_in_every_tier_of_every_kind_of_cluster() {
    let mut shut = 0;
    for profile in ["reference", "strict"] {
        for cni in ["vcn-native", "flannel"] {
            for endpoint in [
                "endpoint = \"public\"",
                "endpoint_subnet = \"private\"",
                "endpoint_subnet = \"secure\"",
                "endpoint_subnet = \"management\"",
            ] {
                for balancers in ["public", "internal", "both"] {
                    let private = if endpoint.starts_with("endpoint_") { "endpoint = \"private\"" } else { "" };
                    let more = format!(
                        "security_profile = \"{profile}\"\ncni = \"{cni}\"\n{private}\n{endpoint}\nload_balancers = \"{balancers}\"\nworkloads = [\"file_storage\"]"
                    );
                    let mut pools = String::new();
                    for nodes in TIERS {
                        for pods in TIERS.iter().filter(|pods| cni != "flannel" || **pods == "private") {
                            let choice =
                                if cni == "flannel" { String::new() } else { format!("pod_subnet = \"{pods}\"") };
                            pools += &pool(&format!("{nodes}-{pods}"), &format!("subnet = \"{nodes}\"\n{choice}"));
                        }
                    }
                    let report = Report::new(&model(&cluster(&more, &pools)));
                    for line in &report.flows {
                        let storage = line.purpose.starts_with("workload file_storage");
                        if is_shut(line) {
                            assert_eq!(
                                (&line.level, &line.result),
                                (&Level::Optional, &FlowResult::Broken),
                                "{more}: {line:#?}"
                            );
                            shut += 1;
                        } else if line.level == Level::Required || storage {
                            assert_eq!(line.result, FlowResult::Proven, "{more}: {line:#?}");
                        }
                    }
                    let workers = report.flows.iter().filter(|line| line.from.starts_with("k8s.worker in lab."));
                    let groups: std::collections::BTreeSet<_> = workers.map(|line| line.from.clone()).collect();
                    assert_eq!(groups.len(), TIERS.len(), "{groups:?}");
                }
            }
        }
    }
    assert!(shut > 100, "tiers without a way out are among them");
}

#[test]
fn a_role_in_one_tier_is_one_group_whatever_the_tier() {
    let text = cluster("", &pool("a", "subnet = \"secure\"\npod_subnet = \"management\""));
    let model = model(&text);
    let group = |name: &str| model.network.groups.iter().find(|group| group.name == name).expect("a group").clone();
    assert_eq!(group("k8s.worker").subnet, "oci_core_subnet.lab_secure");
    assert_eq!(group("k8s.pod").subnet, "oci_core_subnet.lab_management");
    assert!(
        !Report::new(&model)
            .flows
            .iter()
            .any(|line| line.level == Level::Required && line.result != FlowResult::Proven)
    );
}

#[test]
fn unknown_nsgs_concern_the_workers_of_their_pools_tier() {
    let pools = pool("a", "") + &pool("b", "subnet = \"secure\"\nnsg_ids = [var.backup_nsg_id]");
    let model = model(&cluster("", &pools));
    let concerned: Vec<_> = model.unknowns.iter().map(|unknown| unknown.concerns.clone()).collect();
    assert_eq!(concerned, [Concerns::Group("k8s.worker in lab.secure".to_owned())]);
    assert!(model.network.groups.iter().any(|group| group.name == "k8s.worker in lab.secure"));
}

#[test]
fn an_allow_of_a_role_in_several_tiers_opens_each() {
    let pools = pool("a", "") + &pool("b", "subnet = \"management\"");
    let text = cluster("security_profile = \"strict\"", &pools)
        + "allow \"db\" {\n  from = k8s.worker\n  to = lab.secure\n  tcp = [1521]\n}\n"
        + "allow \"mail\" {\n  from = k8s.worker\n  to = internet\n  tcp = [587]\n}\n";
    let report = Report::new(&model(&text));
    let lines = |name: &str| -> Vec<_> {
        let purpose = format!("allow \"{name}\"");
        let lines = report.flows.iter().filter(|line| line.purpose == purpose);
        lines.map(|line| (line.from.clone(), line.level, line.result)).collect()
    };
    let (private, management) = ("k8s.worker in lab.private".to_owned(), "k8s.worker in lab.management".to_owned());
    let proven = |from: &String| (from.clone(), Level::Required, FlowResult::Proven);
    assert_eq!(lines("db"), [proven(&private), proven(&management)]);
    assert_eq!(lines("mail"), [proven(&private), (management, Level::Optional, FlowResult::Broken)]);
}
