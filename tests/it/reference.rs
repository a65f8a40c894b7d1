//! The generated network and rules against a second transcription of the reference's tables. It was typed
//! from the reference and the design, not from `src/`: a slip has to be made twice to go unseen.

use crate::common;
use cloudspells::DEFAULT_SPEC;
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

/// What every tier has before any spell's rules: tier, direction, and for
/// each rule protocol, peer and ports (for ICMP: type and code).
#[rustfmt::skip]
const BASELINE: [(&str, &str, &[[&str; 3]]); 8] = [
    ("public",     "ingress", &[["ICMP", "internet", "3/4"], ["ICMP", "vcn", "3"]]),
    ("public",     "egress",  &[["ICMP", "internet", "3/4"]]),
    ("private",    "ingress", &[["ICMP", "internet", "3/4"]]),
    ("private",    "egress",  &[["ICMP", "internet", "3/4"], ["ALL", "internet", "all"], ["ALL", "services", "all"]]),
    ("secure",     "ingress", &[["ICMP", "internet", "3/4"], ["TCP", "private", "all"]]),
    ("secure",     "egress",  &[["ICMP", "internet", "3/4"], ["ALL", "services", "all"]]),
    ("management", "ingress", &[["ICMP", "internet", "3/4"]]),
    ("management", "egress",  &[["ICMP", "internet", "3/4"], ["ALL", "services", "all"]]),
];

/// "Security list rules": tier, direction, protocol, peer, ports, description.
#[rustfmt::skip]
const SECURITY_LISTS: [[&str; 6]; 19] = [
    ["public",  "ingress", "TCP", "private",  "6443",        "Workers and pods reach the Kubernetes API server"],
    ["public",  "ingress", "TCP", "private",  "12250",       "Workers and pods reach the control-plane internal port"],
    ["public",  "ingress", "TCP", "internet", "6443",        "External kubectl and CI tooling reach the API"],
    ["public",  "ingress", "TCP", "internet", "443",         "Load balancer receives HTTPS from the internet"],
    ["public",  "ingress", "TCP", "internet", "80",          "Load balancer receives HTTP from the internet"],
    ["public",  "egress",  "TCP", "services", "all",         "Control plane telemetry and management to OCI services"],
    ["public",  "egress",  "TCP", "private",  "10250",       "Control plane calls kubelet for pod lifecycle operations"],
    ["public",  "egress",  "TCP", "private",  "30000-32767", "Load balancer forwards to worker nodes via NodePort"],
    ["public",  "egress",  "TCP", "private",  "10256",       "Load balancer health-checks via kube-proxy"],
    ["public",  "egress",  "ALL", "private",  "all",         "Control plane reaches pods on arbitrary ports (webhooks, admission controllers, metrics)"],
    ["private", "ingress", "TCP", "public",   "10250",       "Control plane manages pods via kubelet"],
    ["private", "ingress", "TCP", "public",   "30000-32767", "Load balancer forwards traffic via NodePort"],
    ["private", "ingress", "TCP", "public",   "10256",       "Load balancer health-checks via kube-proxy"],
    ["private", "ingress", "ALL", "public",   "all",         "Control plane reaches pods for webhooks and admission controllers"],
    ["private", "egress",  "TCP", "services", "all",         "Workers pull images from OCIR; pods reach monitoring and logging"],
    ["private", "egress",  "TCP", "public",   "6443",        "Workers and pods reach the Kubernetes API server"],
    ["private", "egress",  "TCP", "public",   "12250",       "Workers and pods reach the control-plane internal port"],
    ["private", "egress",  "TCP", "internet", "443",         "Workers pull container images; pods call external APIs via HTTPS"],
    ["private", "egress",  "TCP", "internet", "80",          "Workers pull images from HTTP registries; OCI pre-authenticated URLs"],
];

/// "NSG rules": NSG, direction, protocol, peer, ports, description.
#[rustfmt::skip]
const NSGS: [[&str; 6]; 34] = [
    ["api",    "ingress", "TCP", "worker",   "6443",        "Worker nodes reach the Kubernetes API server"],
    ["api",    "ingress", "TCP", "worker",   "12250",       "Worker nodes reach the control-plane internal port"],
    ["api",    "ingress", "TCP", "pod",      "6443",        "Pods reach the Kubernetes API server"],
    ["api",    "ingress", "TCP", "pod",      "12250",       "Pods reach the control-plane internal port"],
    ["api",    "ingress", "TCP", "internet", "6443",        "External kubectl and CI tooling"],
    ["api",    "egress",  "ALL", "services", "all",         "Control plane telemetry and management"],
    ["api",    "egress",  "TCP", "worker",   "10250",       "Control plane calls kubelet on worker nodes"],
    ["api",    "egress",  "ALL", "pod",      "all",         "Control plane reaches pods on arbitrary ports (webhooks, exec, metrics)"],
    ["lb",     "ingress", "TCP", "internet", "443",         "Internet reaches the load balancer on HTTPS"],
    ["lb",     "ingress", "TCP", "internet", "80",          "Internet reaches the load balancer on HTTP"],
    ["lb",     "egress",  "TCP", "worker",   "30000-32767", "Load balancer forwards requests via NodePort"],
    ["lb",     "egress",  "TCP", "worker",   "10256",       "Load balancer queries kube-proxy health before routing"],
    ["worker", "ingress", "TCP", "api",      "10250",       "Control plane calls kubelet for pod lifecycle, logs, exec"],
    ["worker", "ingress", "TCP", "lb",       "30000-32767", "Load balancer forwards requests via NodePort"],
    ["worker", "ingress", "TCP", "lb",       "10256",       "Load balancer health-checks via kube-proxy"],
    ["worker", "ingress", "ALL", "pod",      "all",         "Pods communicate with worker VNIC (OCI CNI VNIC-native)"],
    ["worker", "ingress", "ALL", "worker",   "all",         "Node-to-node traffic for OCI CNI pod traffic across ADs"],
    ["worker", "egress",  "TCP", "api",      "6443",        "Workers register with and query the API server"],
    ["worker", "egress",  "TCP", "api",      "12250",       "Workers communicate with the control-plane internal port"],
    ["worker", "egress",  "ALL", "services", "all",         "Workers pull images from OCIR; send metrics and logs"],
    ["worker", "egress",  "ALL", "pod",      "all",         "Workers reach pod VNICs (OCI CNI VNIC-native)"],
    ["worker", "egress",  "ALL", "worker",   "all",         "Node-to-node traffic for OCI CNI across ADs"],
    ["worker", "egress",  "TCP", "internet", "443",         "Workers pull container images via HTTPS; pods call external APIs"],
    ["worker", "egress",  "TCP", "internet", "80",          "Workers pull images from HTTP registries; OCI pre-authenticated URLs"],
    ["pod",    "ingress", "ALL", "api",      "all",         "Control plane reaches pods on arbitrary ports (webhooks, exec, metrics scraping)"],
    ["pod",    "ingress", "ALL", "worker",   "all",         "Worker nodes reach pod VNICs (OCI CNI VNIC-native)"],
    ["pod",    "ingress", "ALL", "pod",      "all",         "Pod-to-pod east-west traffic"],
    ["pod",    "egress",  "ALL", "pod",      "all",         "Pod-to-pod east-west traffic"],
    ["pod",    "egress",  "ALL", "worker",   "all",         "Pods reach worker VNICs (OCI CNI VNIC-native)"],
    ["pod",    "egress",  "TCP", "api",      "6443",        "Pods reach the Kubernetes API server"],
    ["pod",    "egress",  "TCP", "api",      "12250",       "Pods reach the control-plane internal port"],
    ["pod",    "egress",  "ALL", "services", "all",         "Pods reach OCI services (object storage, monitoring, logging)"],
    ["pod",    "egress",  "TCP", "internet", "443",         "Pods call external APIs and download dependencies via HTTPS"],
    ["pod",    "egress",  "TCP", "internet", "80",          "Pods access HTTP endpoints and OCI pre-authenticated URLs"],
];

/// How VCNs are cut: the VCN, then its tiers in the order of [`TIERS`].
#[rustfmt::skip]
const CUTS: [(&str, [&str; 4]); 3] = [
    ("10.0.0.0/18",    ["10.0.48.0/21",     "10.0.0.0/19",    "10.0.32.0/20",     "10.0.56.0/21"]),
    ("10.0.0.0/16",    ["10.0.192.0/19",    "10.0.0.0/17",    "10.0.128.0/18",    "10.0.224.0/19"]),
    ("192.168.7.0/24", ["192.168.7.192/27", "192.168.7.0/25", "192.168.7.128/26", "192.168.7.224/27"]),
];

/// Tier, entity of the default route, Service Gateway route, public addresses.
#[rustfmt::skip]
const TIERS: [(&str, Option<&str>, bool, bool); 4] = [
    ("public",     Some("oci_core_internet_gateway.lab.id"), false, true),
    ("private",    Some("oci_core_nat_gateway.lab.id"),      true,  false),
    ("secure",     None,                                     true,  false),
    ("management", None,                                     true,  false),
];

/// The default stack but for its NSG rules: address, attribute and its text.
/// `*` is each tier, `~` stands for `oci_core_network_security_group.k8s`.
#[rustfmt::skip]
const STACK: [(&str, &str, &str); 29] = [
    ("oci_core_vcn.lab",                          "display_name",      "lab-vcn"),
    ("oci_core_default_security_list.lab",        "display_name",      "lab-sl-default"),
    ("oci_core_internet_gateway.lab",             "display_name",      "lab-igw"),
    ("oci_core_nat_gateway.lab",                  "display_name",      "lab-natgw"),
    ("oci_core_service_gateway.lab",              "display_name",      "lab-svcgw"),
    ("oci_core_route_table.lab_*",                "display_name",      "lab-rt-*"),
    ("oci_core_security_list.lab_*",              "display_name",      "lab-sl-*"),
    ("oci_core_subnet.lab_*",                     "display_name",      "lab-sn-*"),
    ("oci_core_subnet.lab_*",                     "route_table_id",    "oci_core_route_table.lab_*.id"),
    ("oci_core_subnet.lab_*",                     "security_list_ids", "[ oci_core_security_list.lab_*.id ]"),
    ("~_api",                                     "display_name",      "k8s-api-nsg"),
    ("~_lb",                                      "display_name",      "k8s-lb-nsg"),
    ("~_worker",                                  "display_name",      "k8s-worker-nsg"),
    ("~_pod",                                     "display_name",      "k8s-pod-nsg"),
    ("oci_containerengine_cluster.k8s",           "name",              "lab-k8s"),
    ("oci_containerengine_cluster.k8s",           "type",              "BASIC_CLUSTER"),
    ("oci_containerengine_cluster.k8s",           "cluster_pod_network_options[0].cni_type",                 "OCI_VCN_IP_NATIVE"),
    ("oci_containerengine_cluster.k8s",           "endpoint_config[0].subnet_id",                            "oci_core_subnet.lab_public.id"),
    ("oci_containerengine_cluster.k8s",           "endpoint_config[0].is_public_ip_enabled",                 "true"),
    ("oci_containerengine_cluster.k8s",           "endpoint_config[0].nsg_ids",                              "[ ~_api.id ]"),
    ("oci_containerengine_cluster.k8s",           "options[0].service_lb_subnet_ids",                        "[ oci_core_subnet.lab_public.id ]"),
    ("oci_containerengine_cluster.k8s",           "options[0].kubernetes_network_config[0].pods_cidr",       "10.2.0.0/16"),
    ("oci_containerengine_cluster.k8s",           "options[0].kubernetes_network_config[0].services_cidr",   "10.3.0.0/16"),
    ("oci_containerengine_node_pool.k8s_default", "name",                                                    "k8s-pool-default"),
    ("oci_containerengine_node_pool.k8s_default", "node_config_details[0].nsg_ids",                          "[ ~_worker.id ]"),
    ("oci_containerengine_node_pool.k8s_default", "node_config_details[0].node_pool_pod_network_option_details[0].pod_nsg_ids",    "[ ~_pod.id ]"),
    ("oci_containerengine_node_pool.k8s_default", "node_config_details[0].node_pool_pod_network_option_details[0].pod_subnet_ids", "[ oci_core_subnet.lab_private.id ]"),
    ("oci_containerengine_node_pool.k8s_default", "node_config_details[0].dynamic[0].for_each",              "data.oci_identity_availability_domains.k8s.availability_domains"),
    ("oci_containerengine_node_pool.k8s_default", "node_config_details[0].dynamic[0].content[0].subnet_id",  "oci_core_subnet.lab_private.id"),
];

const OUTPUTS: &str = "lab_vcn_id lab_cidr_block lab_*_subnet_id lab_*_subnet_cidr lab_*_security_list_id
    k8s_cluster_id k8s_kubernetes_version k8s_lb_nsg_id k8s_api_nsg_id k8s_worker_nsg_id k8s_pod_nsg_id";
const NSG_RULE: &str = "oci_core_network_security_group_security_rule.";
const SERVICES: &str = "data.oci_core_services.all.services[0].cidr_block";

// Values of `api_allowed_cidrs`.
const ALL: &str = r#"["0.0.0.0/0"]"#;
const TWO: &str = r#"["203.0.113.0/24", "198.51.100.0/24"]"#;

/// Each attribute by its path, such as `tcp_options[0].min`, and its text.
type Flat = BTreeMap<String, String>;
/// The rules that each list and each NSG holds, in order.
type Rules = BTreeMap<String, Vec<Flat>>;

fn flat(body: &Body) -> Flat {
    let mut flat = Flat::new();
    for attribute in body.attributes() {
        let text = hcl::format::to_string(attribute.expr()).expect("an expression has a text");
        flat.insert(attribute.key().to_owned(), text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    let mut counts = BTreeMap::new();
    for block in body.blocks() {
        let count = counts.entry(block.identifier()).or_insert(0);
        let prefix = format!("{}[{count}].", block.identifier());
        flat.extend(self::flat(block.body()).into_iter().map(|(path, text)| (prefix.clone() + &path, text)));
        *count += 1;
    }
    flat
}

/// Each block of the module that a spec gives: its address and its body.
fn parse(spec: &str) -> Vec<(String, Body)> {
    let mut blocks = Vec::new();
    for (path, text) in common::generate_text(spec).files.iter().filter(|(path, _)| path.ends_with(".tf")) {
        let body = hcl::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for block in body.into_blocks() {
            let kind = Some(block.identifier()).filter(|kind| *kind != "resource");
            if block.identifier() == "locals" {
                let names: Vec<_> = block.body().attributes().map(|attribute| attribute.key()).collect();
                blocks.push((format!("local.{}", names.join(",")), block.body));
                continue;
            }
            let labels = block.labels().iter().map(|label| label.as_str());
            blocks.push((kind.into_iter().chain(labels).collect::<Vec<_>>().join("."), block.body));
        }
    }
    blocks
}

fn blocks(spec: &str) -> BTreeMap<String, Flat> {
    parse(spec).into_iter().map(|(address, body)| (address, flat(&body))).collect()
}

fn starting<'a>(addresses: impl IntoIterator<Item = &'a String>, prefix: &str) -> Vec<String> {
    addresses.into_iter().filter(|address| address.starts_with(prefix)).cloned().collect()
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn rules(spec: &str) -> Rules {
    let mut rules = Rules::new();
    for (address, body) in parse(spec) {
        for block in body.blocks().filter(|block| block.identifier().ends_with("_security_rules")) {
            rules.entry(format!("{address} {}", block.identifier())).or_default().push(flat(block.body()));
        }
        let mut rule = flat(&body);
        if let Some(nsg) = rule.remove("network_security_group_id") {
            rules.entry(nsg).or_default().push(rule);
        }
    }
    rules
}

/// What the tables say; "internet to 6443" stands once for each allowed peer.
fn expected(vcn: &(&str, [&str; 4]), allowed: &[&str]) -> Rules {
    let rows = BASELINE.iter().flat_map(|(tier, way, rows)| rows.iter().map(|[a, b, c]| [*tier, *way, a, b, c, ""]));
    let mut rules = Rules::new();
    for (index, row) in rows.chain(SECURITY_LISTS).chain(NSGS).enumerate() {
        let (holder, deeper) = match index {
            0..33 => (format!("oci_core_security_list.lab_{} {}_security_rules", row[0], row[1]), ""),
            _ => (format!("oci_core_network_security_group.k8s_{}.id", row[0]), "destination_port_range[0]."),
        };
        let is_open = row[1..5] == ["ingress", "TCP", "internet", "6443"];
        let peers = if is_open { allowed } else { &row[3..4] };
        rules.entry(holder).or_default().extend(peers.iter().map(|peer| rule(row, peer, deeper, vcn)));
    }
    rules
}

/// A rule as the provider wants it: an NSG rule's ports stand `deeper`.
fn rule(row: [&str; 6], peer: &str, deeper: &str, vcn: &(&str, [&str; 4])) -> Flat {
    let [_, direction, protocol, _, ports, description] = row;
    let side = if direction == "ingress" { "source" } else { "destination" };
    let (number, names) = match protocol {
        "ICMP" => ("1", ["icmp_options[0].type".to_owned(), "icmp_options[0].code".to_owned()]),
        "TCP" => ("6", ["min", "max"].map(|name| format!("tcp_options[0].{deeper}{name}"))),
        _ => ("all", Default::default()),
    };
    let (peer, peer_type) = match (peer, TIERS.iter().position(|(tier, ..)| *tier == peer)) {
        ("services", _) => (SERVICES.to_owned(), "SERVICE_CIDR_BLOCK"),
        ("internet", _) => (quoted("0.0.0.0/0"), "CIDR_BLOCK"),
        ("vcn", _) => (quoted(vcn.0), "CIDR_BLOCK"),
        (_, Some(tier)) => (quoted(vcn.1[tier]), "CIDR_BLOCK"),
        (cidr, None) if cidr.contains('/') => (quoted(cidr), "CIDR_BLOCK"),
        (nsg, None) => (format!("oci_core_network_security_group.k8s_{nsg}.id"), "NETWORK_SECURITY_GROUP"),
    };
    // A single port is both ends of its range.
    let numbers = ports.split(['-', '/']).filter(|number| *number != "all").map(str::to_owned);
    let mut flat: Flat = names.into_iter().zip(numbers.clone().chain(numbers.filter(|_| protocol == "TCP"))).collect();
    let kind = (format!("{side}_type"), quoted(peer_type));
    flat.extend([("protocol".to_owned(), quoted(number)), (side.to_owned(), peer), kind]);
    flat.extend((!deeper.is_empty()).then(|| ("direction".to_owned(), quoted(&direction.to_uppercase()))));
    flat.extend((!description.is_empty()).then(|| ("description".to_owned(), quoted(description))));
    flat
}

fn nsg_rule_address([nsg, direction, protocol, peer, ports, _]: &[&str; 6]) -> String {
    let ports = if *ports == "all" { String::new() } else { format!("_{}", ports.replace('-', "_")) };
    let word = if *direction == "ingress" { "from" } else { "to" };
    format!("{NSG_RULE}k8s_{nsg}_{direction}_{}{ports}_{word}_{peer}", protocol.to_lowercase())
}

/// Compares every rule of both layers, in order, with the tables.
fn compare(spec: &str, vcn: &(&str, [&str; 4]), allowed: &[&str]) {
    let (mut found, expected) = (rules(spec), expected(vcn, allowed));
    // The tables don't word the baseline's descriptions, but there are some.
    let pairs = found.values_mut().flatten().zip(expected.values().flatten());
    for (found, _) in pairs.filter(|(_, expected)| !expected.contains_key("description")) {
        assert!(found.remove("description").is_some_and(|text| text.len() > 2));
    }
    assert_eq!(found, expected, "{spec}");
}

/// A spec's blocks, each on its own so that they can stand in any order.
fn vcn(name: &str, cidr: &str) -> String {
    format!("vcn \"{name}\" {{\n  cidr_block = \"{cidr}\"\n}}\n")
}

fn cluster(name: &str, allowed: &str, pools: &str) -> String {
    let fixed = "shape = \"VM.Standard2.4\"\n node_count = 1";
    let pool = |pool| format!("node_pool \"{pool}\" {{\n {fixed}\n image = var.{name}_{pool}\n }}\n");
    let pools: String = pools.split_whitespace().map(pool).collect();
    let fixed = "vcn = vcn.lab\n kubernetes_version = \"v1.35.2\"\n api_allowed_cidrs =";
    format!("oke_cluster \"{name}\" {{\n {fixed} {allowed}\n {pools}}}\n")
}

#[test]
fn every_rule_is_the_references() {
    compare(DEFAULT_SPEC, &CUTS[0], &["internet"]);
    for cut in &CUTS {
        let spec = |allowed| vcn("lab", cut.0) + &cluster("k8s", allowed, "");
        compare(&spec(ALL), cut, &["internet"]);
        compare(&spec(TWO), cut, &["203.0.113.0/24", "198.51.100.0/24"]);
        compare(&spec("[]"), cut, &[]);
    }
    let found = starting(parse(DEFAULT_SPEC).iter().map(|(address, _)| address), NSG_RULE);
    assert_eq!(found, NSGS.iter().map(nsg_rule_address).collect::<Vec<_>>());
    assert!(found.contains(&format!("{NSG_RULE}k8s_lb_egress_tcp_30000_32767_to_worker")));
}

#[test]
fn a_cluster_adds_19_and_34_rules_and_no_equal_ones() {
    let count = |spec: &str| {
        let count = |layer| rules(spec).iter().filter(|(of, _)| of.contains(layer)).map(|(_, rules)| rules.len()).sum();
        (count("_list."), count("_group."))
    };
    assert_eq!(count("vcn \"lab\" {}"), (14, 0));
    assert_eq!(count(DEFAULT_SPEC), (14 + 19, 34));
    let two = vcn("lab", CUTS[0].0) + &cluster("k8s", ALL, "a") + &cluster("more", ALL, "a");
    assert_eq!(count(&two), (14 + 19, 34 + 34));
    // A CIDR may be allowed that a row of the table allows as well.
    let overlapping = two.replacen(ALL, r#"["10.0.0.0/19", "10.0.0.0/18", "0.0.0.0/0"]"#, 1);
    for (holder, mut rules) in rules(&two).into_iter().chain(rules(&overlapping)) {
        rules.iter_mut().for_each(|rule| drop(rule.remove("description")));
        let different: BTreeSet<_> = rules.iter().collect();
        assert_eq!(different.len(), rules.len(), "{holder} has a rule twice: {rules:#?}");
    }
    let blocks = blocks(&two);
    for cluster in ["k8s", "more"] {
        let waits = &blocks[&format!("oci_containerengine_cluster.{cluster}")]["depends_on"];
        let waits = BTreeSet::from_iter(waits.split(['[', ']', ',', ' ']).filter(|word| !word.is_empty()));
        assert_eq!(Vec::from_iter(waits), starting(blocks.keys(), &format!("{NSG_RULE}{cluster}_")));
    }
}

#[test]
fn order_in_the_spec_changes_nothing() {
    let (k8s, first) = (cluster("k8s", ALL, "b a"), cluster("first", TWO, "only"));
    let mut parts = [vcn("lab", "10.0.0.0/18"), vcn("apart", "10.8.0.0/16"), k8s, first];
    let files = |spec: &str| {
        Vec::from_iter(common::generate_text(spec).files.iter().map(|(p, t)| (p.to_owned(), t.to_string())))
    };
    let expected = files(&parts.concat());
    for turn in 0..8 {
        parts.rotate_left(1);
        parts[..2 + turn / 4].reverse();
        assert_eq!(files(&parts.concat()), expected, "{}", parts.concat());
    }
    // All but the last file: the manifest has the spec's digest.
    let pools = files(&parts.concat().replace(&cluster("k8s", ALL, "b a"), &cluster("k8s", ALL, "a b")));
    assert_eq!(pools.split_last().map(|all| all.1), expected.split_last().map(|all| all.1));
}

#[test]
fn adding_or_removing_changes_no_other_address() {
    let (lab, one) = (vcn("lab", "10.0.0.0/18"), r#"["203.0.113.0/24"]"#);
    let k8s = cluster("k8s", one, "b");
    let before = blocks(&(lab.clone() + &k8s));
    // A security list is a set to the provider: a new cluster may order it anew.
    let list = "oci_core_security_list.lab_public";
    for (spec, may_change) in [
        (vcn("apart", "10.8.0.0/16") + &lab + &k8s, &[][..]),
        (cluster("a", "[]", "b c") + &lab + &k8s, &[list]),
        (lab.clone() + &cluster("k8s", one, "a b c"), &[]),
        (lab.clone() + &cluster("k8s", TWO, "b"), &[list, "oci_containerengine_cluster.k8s"]),
    ] {
        let after = blocks(&spec);
        for (address, flat) in &before {
            let same = after.get(address).unwrap_or_else(|| panic!("{address} is gone from\n{spec}"));
            assert!(same == flat || may_change.contains(&address.as_str()), "{address} changes with\n{spec}");
        }
    }
}

#[test]
fn the_default_stack_has_the_contracts_names() {
    let blocks = blocks(DEFAULT_SPEC);
    let (mut expected, mut untagged) = (BTreeSet::from_iter(NSGS.iter().map(nsg_rule_address)), BTreeSet::new());
    for (row, (tier, ..)) in STACK.into_iter().flat_map(|row| TIERS.map(|tier| (row, tier))) {
        let full = |text: &str| text.replace('*', tier).replace('~', "oci_core_network_security_group.k8s");
        let block = &blocks[&full(row.0)];
        assert_eq!(block[row.1].trim_matches('"'), full(row.2), "{row:?}");
        let (spell, of) = if row.0.contains(".lab") { ("vcn", "lab") } else { ("oke-cluster", "k8s") };
        // A spell's tags stand once, and a subnet's name its tier besides.
        let tags = format!("local.{}_{of}_tags.freeform", spell.replace('-', "_"));
        let of_tier = format!("merge({{\n  tier = \"{tier}\"\n}}, {tags})");
        let tags = if row.0.contains("_subnet.") { of_tier } else { tags };
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        untagged.extend((plain(&block["freeform_tags"]) != plain(&tags)).then(|| full(row.0)));
        expected.insert(full(row.0));
    }
    assert_eq!(starting(blocks.keys(), "oci_"), Vec::from_iter(expected));
    for (output, (tier, ..)) in OUTPUTS.split_whitespace().flat_map(|output| TIERS.map(|tier| (output, tier))) {
        let output = format!("output.{}", output.replace('*', tier));
        assert!(blocks.contains_key(&output), "{output}");
    }
    assert!(untagged.is_empty(), "these have other tags than designed: {untagged:#?}");
    let generated = common::generate_text(DEFAULT_SPEC);
    let tags: String = generated.files.get("tags.tf").expect("tags.tf").split_whitespace().collect();
    for (spell, of) in [("vcn", "lab"), ("oke-cluster", "k8s")] {
        let map =
            format!("freeform={{\"managed-by\"=\"cloudspells\"\"spell-type\"=\"{spell}\"\"spell-name\"=\"{of}\"}}");
        let local = format!("locals{{{}_{of}_tags={{{map}}}}}", spell.replace('-', "_"));
        assert!(tags.contains(&local), "{local}: {tags}");
    }
}

#[test]
fn tiers_are_cut_and_routed_as_designed() {
    for (cidr, cuts) in CUTS {
        let blocks = blocks(&vcn("lab", cidr));
        for ((tier, default, services, public), cut) in TIERS.into_iter().zip(cuts) {
            let subnet = &blocks[&format!("oci_core_subnet.lab_{tier}")];
            assert_eq!(subnet["cidr_block"], quoted(cut));
            assert_eq!(subnet["prohibit_public_ip_on_vnic"], (!public).to_string(), "{tier}");
            assert_eq!(subnet["prohibit_internet_ingress"], (!public).to_string(), "{tier}");
            let mut table = blocks[&format!("oci_core_route_table.lab_{tier}")].clone();
            table.retain(|path, _| path.starts_with("route_rules") && !path.ends_with("description"));
            let default = default.map(|entity| ["\"0.0.0.0/0\"", "\"CIDR_BLOCK\"", entity]);
            let services = services.then_some([SERVICES, "\"SERVICE_CIDR_BLOCK\"", "oci_core_service_gateway.lab.id"]);
            let routes: Vec<&str> = default.into_iter().chain(services).flatten().collect();
            assert_eq!(Vec::from_iter(table.values()), routes, "{tier}");
        }
        // The VCN's own list has no rules left.
        assert!(blocks["oci_core_default_security_list.lab"].keys().all(|path| !path.contains('[')));
    }
}
