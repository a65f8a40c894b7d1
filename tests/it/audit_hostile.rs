//! Texts that are no plan, or a wrong one: an answer in words, never a panic.

use cloudspells::audit::{Subject, read};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const FIXTURES: [&str; 5] = ["modules", "foreign", "each", "state", "partial"];

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/audit/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn other_texts_are_named_for_what_they_are() {
    let deep = format!("{{\"format_version\":\"1.0\",\"values\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    // 24 MB that would take 1.6 GB.
    let many = format!("{{\"format_version\":\"1.0\",\"values\":[{}0]}}", "{\"\":0},".repeat(3_000_000));
    let whole = fixture("each");
    let cut = &whole[..1000];
    for (text, message, help) in [
        ("", "the text is empty", "tofu show -json"),
        (" \n\t", "the text is empty", "tofu show -json"),
        ("resource \"oci_core_vcn\" \"a\" {}", "not JSON: expected value at line 1, column 1", "tofu show -json"),
        (cut, "cut off: it ends at line 1, column 1000", "complete"),
        ("[1, 2]", "a list", "tofu show -json"),
        ("null", "null", "tofu show -json"),
        ("{}", "it is an empty object", "tofu show -json"),
        ("{\"spec\": 1}", "no `format_version`, only `spec`", "tofu show -json"),
        ("{\"version\": 4, \"serial\": 1, \"lineage\": \"x\", \"resources\": []}", "a state file", "terraform.tfstate"),
        ("{\"@level\":\"info\",\"@message\":\"x\"}\n{\"@level\":\"info\",\"@message\":\"y\"}\n", "progress", "-out"),
        ("{\"@level\":\"info\",\"@message\":\"x\"}", "progress", "-out"),
        ("PK\u{3}\u{4}...", "`tofu plan -out` saves", "tofu show -json"),
        (
            "{\"format_version\": \"2.0\", \"planned_values\": {}}",
            "format_version \"2.0\" is not known",
            "1.x is known",
        ),
        ("{\"format_version\": \"0.2\", \"values\": {}}", "format_version \"0.2\" is not known", "1.x is known"),
        ("{\"format_version\": 1.2, \"values\": {}}", "not a string", "complete"),
        ("{\"format_version\": \"1.0\", \"provider_schemas\": {}}", "holds `provider_schemas`", "tofu show"),
        ("{\"format_version\": \"1.0\"}", "is empty", "tofu show"),
        ("{\"format_version\": \"1.0\", \"values\": {}}", "the state is empty", "network"),
        (deep.as_str(), "nested too deeply", "127"),
        (many.as_str(), "more small values", "tofu show -json"),
        ("{\"a\\nb\": 1}", "only `a\\nb`", "tofu show -json"),
        ("{\"format_version\": \"1.0\", \"values\": {\"root_module\": [7]}}", "is empty", "network"),
    ] {
        let problem = read(text).expect_err(text);
        assert!(problem.message.contains(message), "{problem}");
        assert!(problem.help.contains(help), "{problem}");
        assert_eq!(problem.to_string(), format!("{}\n  help: {}", problem.message, problem.help));
    }
}

/// A state of these resources, each `(type, values)`, named `x`.
fn state(resources: &[(&str, Value)]) -> String {
    let resources: Vec<_> = resources
        .iter()
        .enumerate()
        .map(|(at, (kind, values))| {
            let name = format!("x{at}");
            json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
        })
        .collect();
    json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string()
}

#[test]
fn stacks_without_a_network_of_oci() {
    let problem = read(&state(&[("aws_vpc", json!({})), ("google_project", json!({}))])).unwrap_err();
    assert_eq!(problem.message, "the state has no resources of OCI, only of `aws` and `google`");
    let problem = read(&state(&[("oci_identity_policy", json!({}))])).unwrap_err();
    assert!(problem.message.contains("no VCN and no subnet"), "{problem}");
    let problem = read(&state(&[("oci_core_subnet", json!({"cidr_block": "10.0.0.0/24"}))])).unwrap_err();
    assert!(problem.help.contains("its VCN is not known") || problem.help.contains("names no VCN"), "{problem}");
}

fn audit(resources: &[(&str, Value)]) -> Subject {
    read(&state(resources)).unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn wrong_values_are_named_and_their_rules_left_out() {
    let rule = |change: Value| {
        let mut rule = json!({"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": 1, "max": 2}]});
        for (name, value) in change.as_object().unwrap() {
            rule[name] = value.clone();
        }
        rule
    };
    for (change, complaint) in [
        (json!({"tcp_options": [{"min": "22", "max": 22}]}), "not a number from 0 to 65535"),
        (json!({"tcp_options": [{"min": 22, "max": 70000}]}), "\"70000\" is not a number"),
        (json!({"tcp_options": [{"min": -1, "max": 22}]}), "\"-1\" is not a number"),
        (json!({"tcp_options": [{"min": 23, "max": 22}]}), "the range 23-22 is empty"),
        (json!({"tcp_options": [{"min": 22.5, "max": 23}]}), "\"22.5\" is not a number"),
        (json!({"protocol": "1", "icmp_options": [{"code": 4}]}), "it is not set; the rule is left out"),
        (json!({"protocol": "1", "icmp_options": [{"type": 256}]}), "\"256\" is not a number"),
        (json!({"protocol": "tcp"}), "neither a protocol's number nor `all`"),
        (json!({"protocol": "256"}), "neither a protocol's number nor `all`"),
        (json!({"protocol": null}), "neither a protocol's number nor `all`"),
        (json!({"source": "10.0.0.0/33"}), "is not a CIDR"),
        (json!({"source": "somewhere"}), "is not a CIDR"),
        (json!({"source": null}), "it is not set"),
        (json!({"source": 7}), "is not a string"),
        (json!({"source": "all", "source_type": "SERVICE_CIDR_BLOCK"}), "not a known set of OCI services"),
        (json!({"source_type": "PLANET"}), "is not known"),
        (json!({"source": "ocid1.x", "source_type": "NETWORK_SECURITY_GROUP"}), "is not in this state"),
    ] {
        let subject = audit(&[
            ("oci_core_vcn", json!({"id": "v", "cidr_blocks": ["10.0.0.0/16"]})),
            (
                "oci_core_security_list",
                json!({"id": "l", "ingress_security_rules": [rule(change.clone()), rule(json!({}))]}),
            ),
        ]);
        assert_eq!(subject.network.security_lists["oci_core_security_list.x1"].len(), 1, "{change}");
        let whys: Vec<_> = subject.unknowns.iter().map(|one| one.why.as_str()).collect();
        assert!(whys.iter().any(|why| why.contains(complaint)), "{change}: {whys:#?}");
    }
    for (kind, values) in [
        ("oci_core_security_list", json!({"ingress_security_rules": null})),
        ("oci_core_security_list", json!({"ingress_security_rules": [null, 3, "x", []]})),
        ("oci_core_subnet", json!({"vcn_id": "v", "cidr_block": "10.0.0.0/24", "security_list_ids": {"a": 1}})),
        ("oci_core_subnet", json!({"vcn_id": "v", "cidr_block": "10.0.0.0/24", "security_list_ids": [null, 3, "v"]})),
        ("oci_core_subnet", json!({"vcn_id": ["v"], "cidr_block": 10})),
        ("oci_core_subnet", json!({"vcn_id": "v", "cidr_block": "fd00::/64"})),
        ("oci_containerengine_cluster", json!({"endpoint_config": [null], "options": 3})),
        ("oci_containerengine_node_pool", json!({"cluster_id": "v"})),
        ("oci_core_route_table", json!({"route_rules": [{"destination": "0.0.0.0/0"}, {"network_entity_id": "v"}]})),
    ] {
        audit(&[("oci_core_vcn", json!({"id": "v", "cidr_blocks": ["10.0.0.0/16", null, "x"]})), (kind, values)]);
    }
}

#[test]
fn texts_stay_on_their_lines() {
    let name = "x\nPROVEN  everything\u{202e}";
    let resource = |kind: &str, values: Value| {
        let address = format!("{kind}.{name}");
        json!({"address": address, "mode": "managed", "type": kind, "name": name, "values": values})
    };
    let rule = json!({"protocol": "6", "source": "0.0.0.0/0", "description": "a\n\tb"});
    let lists: Vec<_> = (0..200_000).map(|at| format!("no\n{at}")).chain(["l".to_owned()]).collect();
    let resources = [
        resource("oci_core_vcn", json!({"id": "v", "cidr_blocks": ["10.0.0.0/16\nx"]})),
        resource("oci_core_security_list", json!({"id": "l", "ingress_security_rules": [rule]})),
        resource(
            "oci_core_subnet",
            json!({"id": "s", "vcn_id": "v\n", "cidr_block": "10.0.0.0/24", "security_list_ids": lists}),
        ),
        resource("oci_containerengine_cluster", json!({"endpoint_config": [{"subnet_id": "a\nb"}]})),
        resource("oci_core_instance", json!({"create_vnic_details": [{"subnet_id": "s"}]})),
    ];
    let text = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string();
    let subject = read(&text).unwrap();
    let shown = format!("{:?}", subject.unjudged());
    assert!(!subject.unjudged().iter().any(|line| line.contains(['\n', '\u{202e}'])), "{shown}");
    let debug = format!("{subject:#?}");
    // Debug writes a line break as `\n`, and a backslash as two.
    assert!(!debug.replace("\\\\", "").contains("\\n") && !debug.contains('\u{202e}'), "{debug}");
    let address = "oci_core_subnet.x\\nPROVEN  everything\\u{202e}";
    assert_eq!(subject.network.subnets[address].security_lists.len(), 1);
    let whys: Vec<_> = subject.unknowns.iter().filter(|one| one.attribute == "security_list_ids").collect();
    assert_eq!(whys.len(), 4);
    assert!(whys.iter().any(|one| one.why.starts_with("199997 more of its elements")), "{whys:?}");
    assert!(subject.unknowns.iter().all(|one| one.why.len() < 500));
}

/// A plan whose only subnet has its VCN from an expression in a module.
fn plan(references: &Value, outputs: &Value, calls: &Value) -> String {
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [
            {"address": "oci_core_vcn.a", "type": "oci_core_vcn", "name": "a", "values": {"cidr_blocks": ["10.0.0.0/16"]}},
            {"address": "oci_core_vcn.b", "type": "oci_core_vcn", "name": "b", "values": {"cidr_blocks": ["10.1.0.0/16"]}},
            {"address": "oci_core_subnet.s", "type": "oci_core_subnet", "name": "s", "values": {"cidr_block": "10.0.0.0/24"}}
        ]}},
        "resource_changes": [
            {"address": "oci_core_vcn.a", "change": {"after_unknown": {"id": true}}},
            {"address": "oci_core_vcn.b", "change": {"after_unknown": {"id": true}}},
            {"address": "oci_core_subnet.s", "change": {"after_unknown": {"id": true, "vcn_id": true}}}
        ],
        "configuration": {"root_module": {
            "resources": [{"address": "oci_core_subnet.s", "expressions": {"vcn_id": {"references": references}}}],
            "outputs": outputs,
            "module_calls": calls
        }}
    })
    .to_string()
}

#[test]
fn circles_and_crowds_of_references_end() {
    let circle = json!({"m": {"expressions": {"x": {"references": ["module.m.y"]}}, "module": {
        "outputs": {"y": {"expression": {"references": ["var.x", "var.x", "var.x"]}}}
    }}});
    let started = Instant::now();
    let subject = read(&plan(&json!(["module.m.y"]), &json!({}), &circle)).unwrap();
    assert!(subject.unknowns.iter().any(|one| one.why.contains("circular")), "{:?}", subject.unknowns);
    let many: Vec<_> = (0..100_000).map(|_| "oci_core_vcn.a.id").collect();
    let subject = read(&plan(&json!(many), &json!({}), &json!({}))).unwrap();
    assert!(!subject.unknowns.is_empty());
    let subject = read(&plan(&json!(["oci_core_vcn.a.id", "oci_core_vcn.b.id"]), &json!({}), &json!({}))).unwrap();
    assert!(subject.unknowns[0].why.contains("among `oci_core_vcn.a` and `oci_core_vcn.b`"));
    let subject = read(&plan(&json!(["var.v", "oci_core_vcn.b.id"]), &json!({}), &json!({}))).unwrap();
    assert_eq!(subject.network.subnets["oci_core_subnet.s"].vcn, "oci_core_vcn.b");
    let subject = read(&plan(&json!(["local.v", "oci_core_vcn.b.id"]), &json!({}), &json!({}))).unwrap();
    assert!(subject.unknowns[0].why.contains("it may be `oci_core_vcn.b`, but depends on `local.v`"));
    assert!(started.elapsed() < Duration::from_secs(20));
}

/// A plan of subnets, each of which has its VCN from the one before it, in two
/// ways: 2 to their number are the ways to the VCN.
fn chain(subnets: usize) -> String {
    let resource = |kind: &str, name: &str, values: Value| json!({"address": format!("{kind}.{name}"), "type": kind, "name": name, "values": values});
    let change = |address: &str, unknown: Value| json!({"address": address, "change": {"after_unknown": unknown}});
    let mut resources = vec![resource("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"]}))];
    let mut changes = vec![change("oci_core_vcn.v", json!({"id": true}))];
    let mut configured = Vec::new();
    for at in 0..subnets {
        let name = format!("s{at}");
        resources.push(resource("oci_core_subnet", &name, json!({"cidr_block": "10.0.0.0/24"})));
        changes.push(change(&format!("oci_core_subnet.{name}"), json!({"id": true, "vcn_id": true})));
        let before = match at {
            0 => "oci_core_vcn.v.id".to_owned(),
            _ => format!("oci_core_subnet.s{}.vcn_id", at - 1),
        };
        configured.push(json!({"address": format!("oci_core_subnet.{name}"),
            "expressions": {"vcn_id": {"references": [before, before]}}}));
    }
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configured}}
    })
    .to_string()
}

#[test]
fn a_chain_of_references_is_gone_once() {
    let started = Instant::now();
    let subject = read(&chain(90)).unwrap();
    assert_eq!(subject.network.subnets["oci_core_subnet.s89"].vcn, "oci_core_vcn.v");
    assert!(subject.unknowns.is_empty(), "{:?}", subject.unknowns);
    assert!(started.elapsed() < Duration::from_secs(5));
}

/// A plan of ten NSGs and many rules, each with an expression to resolve.
fn large(rules: usize) -> String {
    let (mut resources, mut changes) = (Vec::new(), Vec::new());
    resources.push(json!({"address": "oci_core_vcn.v", "type": "oci_core_vcn", "name": "v",
        "values": {"id": "v", "cidr_blocks": ["10.0.0.0/16"]}}));
    for at in 0..10 {
        let address = format!("oci_core_network_security_group.g[\"{at}\"]");
        changes.push(json!({"address": address, "change": {"after_unknown": {"id": true}}}));
        resources.push(json!({"address": address, "type": "oci_core_network_security_group", "name": "g",
            "index": at.to_string(), "values": {}}));
    }
    for at in 0..rules {
        let address = format!("oci_core_network_security_group_security_rule.r[{at}]");
        changes.push(json!({"address": address, "change": {"after_unknown": {"network_security_group_id": true}}}));
        resources
            .push(json!({"address": address, "type": "oci_core_network_security_group_security_rule", "name": "r",
            "index": at, "values": {"direction": "INGRESS", "protocol": "6", "source": "0.0.0.0/0"}}));
    }
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": [
            {"address": "oci_core_network_security_group_security_rule.r", "expressions": {"network_security_group_id":
                {"references": ["oci_core_network_security_group.g[\"3\"].id", "oci_core_network_security_group.g[\"3\"]",
                    "oci_core_network_security_group.g", "count.index"]}}}
        ]}}
    })
    .to_string()
}

#[test]
fn ten_thousand_rules_are_read_in_time_that_grows_with_them() {
    let took = |rules: usize| {
        let text = large(rules);
        let started = Instant::now();
        let subject = read(&text).unwrap();
        assert_eq!(subject.network.nsgs["oci_core_network_security_group.g[\"3\"]"].len(), rules);
        started.elapsed()
    };
    let (few, many) = (took(1_000), took(10_000));
    // Ten times the rules: a hundred times the time, were it quadratic.
    assert!(many < few.max(Duration::from_millis(20)) * 50, "{few:?} for 1,000 rules, {many:?} for 10,000");
}

/// What mutations write over a value.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!([])),
        Just(json!({})),
        any::<i64>().prop_map(|number| json!(number)),
        Just(json!(70000)),
        Just(json!("10.0.0.0/8")),
        Just(json!("module.net[\"c\"].oci_core_vcn.this")),
        Just(json!(["local.x", "each.value.y", "var.z", "module.net"])),
        ".{0,12}".prop_map(|text| json!(text)),
    ]
}

/// Puts junk at the place of the document that a walk of choices leads to.
fn mutate(value: &mut Value, walk: &mut impl Iterator<Item = usize>, junk: Value) {
    let stop = walk.next().is_none_or(|choice| choice % 12 == 0);
    let choice = walk.next().unwrap_or(0);
    match value {
        Value::Object(map) if !stop && !map.is_empty() => {
            let at = choice % map.len();
            mutate(map.values_mut().nth(at).unwrap(), walk, junk);
        }
        Value::Array(list) if !stop && !list.is_empty() => {
            let at = choice % list.len();
            mutate(&mut list[at], walk, junk);
        }
        other => *other = junk,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_cut_text_is_answered(name in 0..FIXTURES.len(), share in 0.0..1.0_f64) {
        let text = fixture(FIXTURES[name]);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let mut end = (text.trim_end().len() as f64 * share) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        prop_assert!(read(&text[..end]).is_err());
    }

    #[test]
    fn a_changed_document_is_answered(
        name in 0..FIXTURES.len(),
        changes in prop::collection::vec((prop::collection::vec(any::<prop::sample::Index>(), 1..40), junk()), 1..6),
    ) {
        let mut document: Value = serde_json::from_str(&fixture(FIXTURES[name])).unwrap();
        for (walk, junk) in changes {
            mutate(&mut document, &mut walk.into_iter().map(|index| index.index(1 << 20)), junk);
        }
        let text = document.to_string();
        let first = read(&text);
        if let Ok(subject) = &first {
            prop_assert!(subject.unknowns.is_sorted());
            for group in &subject.network.groups {
                prop_assert!(subject.network.subnets.contains_key(&group.subnet));
            }
        }
        prop_assert_eq!(first, read(&text));
    }

    #[test]
    fn changed_bytes_are_answered(
        name in 0..FIXTURES.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = fixture(FIXTURES[name]).into_bytes();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = read(&String::from_utf8_lossy(&bytes));
    }
}
