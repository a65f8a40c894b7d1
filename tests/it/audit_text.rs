//! What an audit takes from the text of the planned modules, and what it takes
//! from a plan of the real provider without it. The plans are small, and of the
//! form that OpenTofu prints with oracle/oci 8.28.0.

use cloudspells::audit::{Shown, Subject, Texts, read};
use cloudspells::prove::network::{Ports, Traffic};
use serde_json::{Value, json};

const LIST: &str = "oci_core_security_list";

/// A VCN, a list `old` that stands, a list `new` and a subnet whose lists are
/// not known, with such references.
fn plan(references: &[&str]) -> Value {
    let resource = |kind: &str, name: &str, values: Value| json!({"address": format!("{kind}.{name}"), "type": kind, "name": name, "values": values});
    let change = |address: &str, unknown: Value| json!({"address": address, "change": {"after_unknown": unknown}});
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [
            resource("oci_core_vcn", "v", json!({"id": "v", "cidr_blocks": ["10.0.0.0/16"]})),
            resource(LIST, "old", json!({"id": "ocid1.old", "vcn_id": "v"})),
            resource(LIST, "new", json!({"vcn_id": "v"})),
            resource("oci_core_subnet", "s", json!({"vcn_id": "v", "cidr_block": "10.0.0.0/24", "route_table_id": "t"})),
        ]}},
        "resource_changes": [
            change("oci_core_security_list.new", json!({"id": true})),
            change("oci_core_subnet.s", json!({"id": true, "security_list_ids": true})),
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "oci_core_subnet.s", "expressions": {"security_list_ids": {"references": references}}},
        ]}},
    })
}

/// The subnet's lists, and whether they are certain.
fn lists(plan: &Value, text: &str) -> (Vec<String>, bool) {
    let mut texts = Texts::default();
    texts.add("", &format!("resource \"oci_core_subnet\" \"s\" {{\n  security_list_ids = {text}\n}}\n")).unwrap();
    let Subject { network, unknowns: unresolved, .. } =
        Shown::parse(&plan.to_string()).unwrap().subject(&texts).unwrap();
    let is_open = unresolved.iter().any(|one| one.attribute == "security_list_ids");
    (network.subnets["oci_core_subnet.s"].security_lists.clone(), !is_open)
}

const BOTH: [&str; 4] = [
    "oci_core_security_list.new.id",
    "oci_core_security_list.new",
    "oci_core_security_list.old.id",
    "oci_core_security_list.old",
];

#[test]
fn what_stands_already_is_in_a_list_that_is_not_known_yet() {
    let both = ["oci_core_security_list.new".to_owned(), "oci_core_security_list.old".to_owned()];
    let written = "[oci_core_security_list.new.id, oci_core_security_list.old.id]";
    assert_eq!(lists(&plan(&BOTH), written), (both.to_vec(), true));
    // An id that is written out is in no reference.
    let written = "[oci_core_security_list.new.id, \"ocid1.old\"]";
    assert_eq!(lists(&plan(&BOTH[..2]), written), (both.to_vec(), true));
}

#[test]
fn what_the_text_does_not_say_stays_assumed() {
    let both = ["oci_core_security_list.new".to_owned(), "oci_core_security_list.old".to_owned()];
    for text in [
        "var.open ? [oci_core_security_list.new.id, oci_core_security_list.old.id] : []",
        "concat([oci_core_security_list.new.id], [oci_core_security_list.old.id])",
        // Changed since the plan was made.
        "[oci_core_security_list.new.id]",
        "[oci_core_security_list.old.id, oci_core_security_list.new.id]",
    ] {
        assert_eq!(lists(&plan(&BOTH), text), (both.to_vec(), false), "{text}");
    }
}

#[test]
fn a_text_that_is_no_hcl_is_named() {
    let problem = Texts::default().add("", "resource {\n  a = \n}\n").unwrap_err();
    assert!(problem.message.starts_with("this is not valid HCL at line "), "{problem}");
}

/// The source ports of a UDP rule that are not known, with such a configuration
/// of the rule's options.
fn source_ports(options: Value) -> Result<Ports, Vec<String>> {
    let mut plan = plan(&BOTH);
    let address = "oci_core_network_security_group_security_rule.udp";
    let udp = json!({"destination_port_range": [{"min": 53, "max": 53}]});
    let add =
        |plan: &mut Value, path: &str, one: Value| plan.pointer_mut(path).unwrap().as_array_mut().unwrap().push(one);
    add(
        &mut plan,
        "/planned_values/root_module/resources",
        json!({"address": "oci_core_network_security_group.n",
        "type": "oci_core_network_security_group", "name": "n", "values": {"id": "n", "vcn_id": "v"}}),
    );
    add(
        &mut plan,
        "/planned_values/root_module/resources",
        json!({"address": address,
        "type": "oci_core_network_security_group_security_rule", "name": "udp", "values": {
            "network_security_group_id": "n", "direction": "INGRESS", "protocol": "17", "source": "0.0.0.0/0",
            "source_type": "CIDR_BLOCK", "udp_options": [udp]}}),
    );
    let unknown = json!({"udp_options": [{"destination_port_range": [{}], "source_port_range": true}]});
    add(&mut plan, "/resource_changes", json!({"address": address, "change": {"after_unknown": unknown}}));
    add(
        &mut plan,
        "/configuration/root_module/resources",
        json!({"address": address, "expressions": {"udp_options": [options]}}),
    );
    let subject = read(&plan.to_string()).unwrap();
    match subject.network.nsgs["oci_core_network_security_group.n"].first() {
        Some(rule) => match rule.traffic {
            Traffic::Udp { source, destination: Ports { min: 53, max: 53 } } => Ok(source),
            other => panic!("{other:?}"),
        },
        None => Err(subject.unknowns.into_iter().map(|one| one.attribute).collect()),
    }
}

#[test]
fn source_ports_that_nobody_sets_are_all() {
    let destination = json!([{"min": {"constant_value": 53}, "max": {"constant_value": 53}}]);
    let silent = json!({"destination_port_range": destination});
    assert_eq!(source_ports(silent), Ok(Ports { min: 0, max: u16::MAX }));
    let set =
        json!({"destination_port_range": destination, "source_port_range": [{"min": {"references": ["var.from"]}}]});
    let left_out = source_ports(set).unwrap_err();
    assert!(left_out.contains(&"udp_options[0].source_port_range".to_owned()), "{left_out:?}");
}
