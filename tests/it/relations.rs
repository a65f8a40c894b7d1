//! `serves` and `served_by`: rules at both ends, once each, in the files and in
//! the proof, wherever they are said.

use crate::common::generate_text;
use crate::common::home::Home;
use std::collections::BTreeMap;

const COMPOSITION: &str = include_str!("../../golden/composition.hcl");

/// Two strict clusters in a VCN, with something more in the block of each.
fn clusters(web: &str, data: &str) -> String {
    let cluster = |name: &str, pods: u8, more: &str| {
        format!(
            r#"
oke_cluster "{name}" {{
  kubernetes_version = "v1.35.2"
  security_profile   = "strict"
  pods_cidr          = "10.{pods}.0.0/16"
  {more}
}}
"#
        )
    };
    format!("vcn \"lab\" {{}}\n{}{}", cluster("web", 240, web), cluster("data", 241, data))
}

const SERVES: &str = "serves = [{ to = oke_cluster.data.worker, tcp = [5432, \"8000-8100\"], udp = [8125] }]";
const SERVED_BY: &str =
    "served_by = [{ to = \"worker\", from = oke_cluster.web.pod, tcp = [5432, \"8000-8100\"], udp = [8125] }]";

/// The generated files, but for the manifest: it has a digest of the spec.
fn files(spec: &str) -> BTreeMap<String, String> {
    let generated = generate_text(spec);
    let files = generated.files.iter().map(|(path, text)| (path.to_owned(), text.to_string()));
    files.filter(|(path, _)| path != ".cloudspells.json").collect()
}

/// The addresses of the NSG rules that one spec has and the other has not.
fn added(with: &str, without: &str) -> Vec<String> {
    let rules = |spec: &str| {
        let text = files(spec).remove("nsg_rules.tf").expect("a generated file");
        let names = text.lines().filter_map(|line| {
            line.strip_prefix("resource \"oci_core_network_security_group_security_rule\" \"")?.split('"').next()
        });
        names.map(str::to_owned).collect::<Vec<_>>()
    };
    let before = rules(without);
    rules(with).into_iter().filter(|name| !before.contains(name)).collect()
}

#[test]
fn both_ends_get_their_rules_and_nothing_else_does() {
    let expected = [
        "data_worker_ingress_tcp_5432_from_web_pod",
        "data_worker_ingress_tcp_8000_8100_from_web_pod",
        "data_worker_ingress_udp_8125_from_web_pod",
        "web_pod_egress_tcp_5432_to_data_worker",
        "web_pod_egress_tcp_8000_8100_to_data_worker",
        "web_pod_egress_udp_8125_to_data_worker",
    ];
    let mut found = added(&clusters(SERVES, ""), &clusters("", ""));
    found.sort();
    assert_eq!(found, expected);
    let lists = |spec: &str| files(spec).remove("security_lists.tf");
    assert_eq!(lists(&clusters(SERVES, "")), lists(&clusters("", "")));
}

#[test]
fn a_relation_is_the_same_wherever_it_is_said() {
    let opener = files(&clusters(SERVES, ""));
    assert_eq!(opener, files(&clusters("", SERVED_BY)), "said by the receiver");
    assert_eq!(opener, files(&clusters(SERVES, SERVED_BY)), "said by both");
}

#[test]
fn the_order_of_entries_and_ports_changes_no_byte() {
    let one =
        "serves = [{ to = oke_cluster.data.pod, tcp = [5432] }, { to = oke_cluster.data.worker, tcp = [22, 80] }]";
    let other =
        "serves = [{ to = oke_cluster.data.worker, tcp = [80, 22] }, { to = oke_cluster.data.pod, tcp = [5432] }]";
    assert_eq!(files(&clusters(one, "")), files(&clusters(other, "")));
}

/// Who opens the connections has the first word; who is silent leaves it to the
/// other.
#[test]
fn a_description_is_the_openers() {
    let say = |key: &str, other: &str, text: &str| format!("{key} = [{{ {other}, tcp = [5432]{text} }}]");
    let described = |text: &str| format!(", description = \"{text}\"");
    let descriptions = |opener: &str, receiver: &str| {
        let spec = clusters(
            &say("serves", "to = oke_cluster.data.pod", opener),
            &say("served_by", "from = oke_cluster.web.pod", receiver),
        );
        let rules = files(&spec).remove("nsg_rules.tf").expect("a generated file");
        let said = ["Opener", "Receiver", "Pods of web connect to pods of data"];
        said.map(|text| rules.matches(&format!("= \"{text}\"")).count())
    };
    assert_eq!(descriptions(&described("Opener"), &described("Receiver")), [2, 0, 0]);
    assert_eq!(descriptions("", &described("Receiver")), [0, 2, 0]);
    assert_eq!(descriptions("", ""), [0, 0, 2]);
}

#[test]
fn each_is_a_required_flow_with_where_it_is_said() {
    let report = Home::with(&clusters(SERVES, "")).fine("check");
    for traffic in ["TCP 5432", "TCP 8000-8100", "UDP 8125"] {
        let line = format!("PROVEN  web.pod → data.worker  {traffic}: oke_cluster web, serves\n");
        assert_eq!(report.matches(&line).count(), 1, "{line}{report}");
    }
    assert!(report.contains("No exposures: everything that is allowed has a documented need."), "{report}");

    let report = Home::with(&clusters(SERVES, SERVED_BY)).fine("check");
    let line = "web.pod → data.worker  TCP 5432: oke_cluster web, serves; oke_cluster data, served_by\n";
    assert_eq!(report.matches(line).count(), 1, "{report}");
    let json: serde_json::Value =
        serde_json::from_str(&Home::with(&clusters(SERVES, "")).fine("check --format json")).expect("JSON");
    let flows = json["flows"].as_array().expect("flows").iter().filter(|flow| flow["source"] == "relation");
    assert_eq!(flows.filter(|flow| flow["level"] == "required" && flow["result"] == "proven").count(), 3);
}

/// The proof is of these rules: without them the connection is blocked.
#[test]
fn what_no_relation_says_is_blocked() {
    let why = |spec: &str| Home::with(spec).run("why web.pod data.worker:5432").code;
    assert_eq!(why(&clusters(SERVES, "")), Some(0));
    assert_eq!(why(&clusters("", "")), Some(2));
    assert_eq!(Home::with(&clusters(SERVES, "")).run("why data.worker web.pod:5432").code, Some(2));
}

/// Pods of an overlay send with their worker's address.
#[test]
fn a_flannel_cluster_sends_from_its_workers() {
    let flannel = |more: &str| format!("cni = \"flannel\"\n{more}");
    let found = added(&clusters(&flannel(SERVES), ""), &clusters(&flannel(""), ""));
    assert!(found.contains(&"web_worker_egress_tcp_5432_to_data_worker".to_owned()), "{found:?}");
}

/// A block that names roles by their kind says what one does that leaves it out.
#[test]
fn an_allow_takes_the_kind_too() {
    let allow = |from: &str, to: &str| {
        format!("{}\nallow \"db\" {{\n  from = {from}\n  to   = {to}\n  tcp  = [5432]\n}}\n", clusters("", ""))
    };
    assert_eq!(files(&allow("oke_cluster.web.pod", "vcn.lab.secure")), files(&allow("web.pod", "lab.secure")));
}

/// Equal rules of an `allow` and of a relation are one.
#[test]
fn an_allow_and_a_relation_may_ask_for_the_same() {
    let allow = "\nallow \"db\" {\n  from = web.pod\n  to   = data.worker\n  tcp  = [5432]\n}\n";
    let found = added(&format!("{}{allow}", clusters(SERVES, "")), &clusters(SERVES, ""));
    assert!(found.is_empty(), "{found:?}");
}

/// Every order of some things.
fn permutations<T: Clone>(things: &[T]) -> Vec<Vec<T>> {
    if things.is_empty() {
        return vec![Vec::new()];
    }
    (0..things.len())
        .flat_map(|first| {
            let mut rest = things.to_vec();
            let one = rest.remove(first);
            permutations(&rest).into_iter().map(move |rest| std::iter::once(one.clone()).chain(rest).collect())
        })
        .collect()
}

/// Every file, the manifest too: its digest is over the blocks in an order of its
/// own.
fn whole(spec: &str) -> BTreeMap<String, String> {
    generate_text(spec).files.iter().map(|(path, text)| (path.to_owned(), text.to_string())).collect()
}

/// A relation said by its opener, one by its receiver, one by both; an `allow`
/// beside them.
const BLOCKS: [&str; 5] = [
    "vcn \"lab\" {}\n",
    r#"
oke_cluster "k8s" {
  kubernetes_version = "v1.35.2"
  serves             = [{ to = compute_instance.db, tcp = [1521, 2484], description = "Queries" }]
}
"#,
    r#"
compute_instance "db" {
  role          = "database"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  served_by     = [{ from = compute_instance.ops, tcp = [22] }, { from = oke_cluster.k8s.pod, tcp = [1521] }]
}
"#,
    r#"
compute_instance "ops" {
  role          = "management"
  shape         = "VM.Standard.A1.Flex"
  ocpus         = 1
  memory_in_gbs = 8
  serves        = [{ to = oke_cluster.k8s.worker, tcp = [22] }]
}
"#,
    "\nallow \"metrics\" {\n  from = compute_instance.ops\n  to   = oke_cluster.k8s.pod\n  tcp  = [9100]\n}\n",
];

#[test]
fn no_order_of_blocks_changes_a_byte() {
    let all: Vec<String> = permutations(&BLOCKS).into_iter().map(|blocks| blocks.concat()).collect();
    assert_eq!(all.len(), 120);
    let first = whole(&BLOCKS.concat());
    for spec in &all {
        assert!(whole(spec) == first, "{spec}");
    }
}

/// All orders of the golden would take minutes: each block is the first once, in
/// both directions.
#[test]
fn nor_of_the_composition() {
    let blocks: Vec<_> = COMPOSITION.split_inclusive("\n}\n").collect();
    let first = whole(COMPOSITION);
    for start in 0..blocks.len() {
        let mut turned = blocks.clone();
        turned.rotate_left(start);
        assert!(whole(&turned.concat()) == first, "{start}");
        turned.reverse();
        assert!(whole(&turned.concat()) == first, "{start}, reversed");
    }
}

/// What a relation is worth: take it away, and its flow is blocked.
#[test]
fn a_database_is_reached_by_what_serves_it_and_by_nothing_else() {
    let report = Home::with(COMPOSITION).fine("check");
    let exposed: Vec<_> =
        report.lines().filter(|line| line.starts_with("MEDIUM") || line.starts_with("HIGH")).collect();
    assert!(!exposed.iter().any(|line| line.contains("→ db.database")), "{exposed:?}");
    let why = |spec: &str, question: &str| Home::with(spec).run(&format!("why {question}")).code;
    assert_eq!(why(COMPOSITION, "k8s.pod db.database:1521"), Some(0));
    assert_eq!(why(COMPOSITION, "k8s.worker db.database:1521"), Some(2));
    let entry = "    { from = oke_cluster.k8s.pod, tcp = [1521], description = \"Pods reach the database\" },\n";
    assert_eq!(COMPOSITION.matches(entry).count(), 1);
    assert_eq!(why(&COMPOSITION.replace(entry, ""), "k8s.pod db.database:1521"), Some(2));
}

/// Under the reference's lists the private tier reaches the secure one whatever
/// NSGs say, and the proof says so.
#[test]
fn the_references_lists_open_the_database_and_that_is_said() {
    let spec = COMPOSITION.replace("security_profile = \"strict\"", "security_profile = \"reference\"");
    let report = Home::with(&spec).run("check").stdout;
    let exposed = report.lines().find(|line| line.starts_with("MEDIUM") && line.contains("→ db.database"));
    assert!(exposed.is_some(), "{report}");
}
