//! `allow`: rules of the spec's own, in the files and in the proof.

use crate::common::home::Home;
use std::fs;

const SPEC: &str = include_str!("../../golden/allow.hcl");

/// The spec with its blocks in another order.
fn reversed() -> String {
    let mut blocks: Vec<_> = SPEC.split_inclusive("\n}\n").collect();
    blocks.reverse();
    blocks.concat()
}

#[test]
fn the_order_of_blocks_changes_no_byte() {
    let (a, b) = (Home::with(SPEC), Home::with(&reversed()));
    a.fine("gen --out infra");
    b.fine("gen --out infra");
    for file in ["nsg_rules.tf", "security_lists.tf", "README.md"] {
        let read = |home: &Home| fs::read_to_string(home.path("infra").join(file)).expect("a generated file");
        assert_eq!(read(&a), read(&b), "{file}");
    }
}

#[test]
fn each_is_proven_and_what_it_opens_to_the_internet_is_said() {
    let report = Home::with(SPEC).fine("check");
    for name in ["ssh", "mqtt", "mqtt-nodes", "queries"] {
        assert!(report.contains(&format!(": allow \"{name}\"")), "{name}: {report}");
    }
    assert!(!report.contains("BROKEN  "), "{report}");
    assert!(report.contains("HIGH    internet → k8s.lb  TCP 8883\n        opened by allow \"mqtt\"\n"), "{report}");
    assert!(report.contains("allow \"TO-DB\": its rules are written"), "{report}");
}

/// A restriction that an `allow` takes back is not hidden.
#[test]
fn an_endpoint_that_it_opens_to_all_is_exposed() {
    let spec =
        SPEC.replacen("vcn                = vcn.lab", "vcn = vcn.lab\n  api_allowed_cidrs = [\"203.0.113.0/24\"]", 1);
    let spec = format!("{spec}\nallow \"all\" {{\n  from = internet\n  to   = k8s.api\n  tcp  = [6443]\n}}\n");
    let report = Home::with(&spec).fine("check");
    assert!(report.contains("→ k8s.api  TCP 6443 (Kubernetes API)\n        opened by allow \"all\"\n"), "{report}");
}

/// A rule that a table has already is not written again.
#[test]
fn an_equal_rule_is_written_once() {
    let again = "\nallow \"again\" {\n  from = k8s.pod\n  to   = internet\n  tcp  = [443]\n}\n";
    let (a, b) = (Home::with(SPEC), Home::with(&format!("{SPEC}{again}")));
    a.fine("gen --out infra");
    b.fine("gen --out infra");
    let rules = |home: &Home| fs::read_to_string(home.path("infra/nsg_rules.tf")).expect("a generated file");
    assert_eq!(rules(&a), rules(&b));
}

/// Workers have a way in from the internet, through network load balancers that
/// keep their clients' addresses: whoever opens NodePorts to it opens them.
#[test]
fn node_ports_that_are_open_to_the_internet_are_exposed() {
    let open = "\nallow \"ports\" {\n  from = internet\n  to   = k8s.worker\n  tcp  = [\"30000-32767\"]\n}\n";
    let report = |spec: &str| Home::with(spec).fine("check");
    let exposed = "HIGH    internet → k8s.worker  TCP 30000-32767";
    let opened = report(&format!("{SPEC}{open}"));
    assert!(opened.contains(&format!("{exposed}\n        opened by allow \"ports\"\n")), "{opened}");
    assert!(!report(SPEC).contains(exposed));
    // Asked for by its word, it is a need; without public load balancers there
    // is no way in.
    let version = "  kubernetes_version";
    let with = |line: &str| SPEC.replacen(version, &format!("  {line}\n{version}"), 1);
    let asked = report(&with("workloads = [\"client_ip_preservation\"]"));
    assert!(asked.contains("PROVEN  internet → k8s.worker  UDP 30000-32767") && !asked.contains(exposed), "{asked}");
    let ran = |spec: &str| Home::with(spec).run("check");
    let internal = ran(&format!("{}{open}", with("load_balancers = \"internal\"")));
    assert!(internal.stderr.contains("opens to the internet what has no public address"), "{internal:?}");
    let wider = ran(&format!("{SPEC}{}", open.replace("30000-", "29999-")));
    assert!(wider.stderr.contains("opens to the internet what has no public address"), "{wider:?}");
}
