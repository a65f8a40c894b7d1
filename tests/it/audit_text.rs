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

/// Something in the list has no id yet: of one element it is that one, however a
/// condition around it goes.
#[test]
fn the_only_element_of_a_list_is_what_makes_it_unknown() {
    let new = ["oci_core_security_list.new".to_owned()];
    let only = lists(&plan(&["var.x", "var.y", BOTH[0], BOTH[1]]), "[var.x ? var.y : oci_core_security_list.new.id]");
    assert_eq!(only, (new.to_vec(), true));
    // Beside another it may be either, or an id that is known.
    let text = "[oci_core_security_list.new.id, var.x ? oci_core_security_list.old.id : var.y]";
    assert_eq!(lists(&plan(&[BOTH[0], BOTH[1], "var.x", BOTH[2], BOTH[3], "var.y"]), text), (new.to_vec(), false));
    // What the text of a local does not say for certain is no certainty.
    let local =
        "[oci_core_security_list.old.id, local.x]\n}\nlocals {\n  x = var.x ? oci_core_security_list.new.id : \"\"";
    let (certain, is_certain) = lists(&plan(&[BOTH[2], BOTH[3], "local.x"]), local);
    assert_eq!((certain, is_certain), (vec!["oci_core_security_list.old".to_owned()], false));
}

/// The expressions of a `dynamic` block are in no plan's JSON, and in the text.
#[test]
fn a_dynamic_block_is_read_in_the_text() {
    let mut plan = plan(&BOTH);
    let resources = plan.pointer_mut("/planned_values/root_module/resources").unwrap().as_array_mut().unwrap();
    let instance = json!({"create_vnic_details": [{}]});
    resources
        .push(json!({"address": "oci_core_instance.i", "type": "oci_core_instance", "name": "i", "values": instance}));
    for name in ["a", "b"] {
        resources.push(json!({"address": format!("oci_core_subnet.{name}"), "type": "oci_core_subnet", "name": name,
            "values": {"vcn_id": "v", "cidr_block": "10.0.1.0/24", "route_table_id": "t", "security_list_ids": ["ocid1.old"]}}));
    }
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    for name in ["a", "b"] {
        changes.push(json!({"address": format!("oci_core_subnet.{name}"), "change": {"after_unknown": {"id": true}}}));
    }
    let unknown = json!({"id": true, "create_vnic_details": [{"subnet_id": true}]});
    changes.push(json!({"address": "oci_core_instance.i", "change": {"after_unknown": unknown}}));
    let configured = plan.pointer_mut("/configuration/root_module/resources").unwrap().as_array_mut().unwrap();
    configured.push(json!({"address": "oci_core_instance.i", "expressions": {}}));
    let places = |collection: &str, iterator: &str, subnet: &str| {
        let mut texts = Texts::default();
        let text = format!(
            "resource \"oci_core_instance\" \"i\" {{\n  dynamic \"create_vnic_details\" {{\n    for_each = {collection}\n\
             {iterator}    content {{\n      subnet_id = {subnet}\n    }}\n  }}\n}}\n"
        );
        texts.add("", &text).unwrap();
        let subject = Shown::parse(&plan.to_string()).unwrap().subject(&texts).unwrap();
        let groups = subject.network.groups.into_iter();
        groups
            .filter(|group| group.name.starts_with("oci_core_instance.i"))
            .map(|group| group.subnet)
            .collect::<Vec<_>>()
    };
    let [a, b] = ["oci_core_subnet.a", "oci_core_subnet.b"];
    let every = [a, b, "oci_core_subnet.s"];
    assert_eq!(places("[1]", "", "oci_core_subnet.a.id"), [a]);
    // The element without an id is not what a variable says.
    assert_eq!(places("[1]", "", "var.x ? var.y : oci_core_subnet.a.id"), [a]);
    assert_eq!(places("[1]", "", "var.x ? oci_core_subnet.b.id : oci_core_subnet.a.id"), [a, b]);
    assert_eq!(places("[oci_core_subnet.b.id]", "", "create_vnic_details.value"), [b]);
    assert_eq!(places("[oci_core_subnet.b.id]", "    iterator = one\n", "one.value"), [b]);
    // Neither a local that is not there nor an argument leads anywhere.
    assert_eq!(places("[1]", "", "local.subnet"), every);
    assert_eq!(places("var.all", "", "create_vnic_details.value"), every);
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
