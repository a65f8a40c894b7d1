//! What a plan does not say: nothing is taken for certain that only looks so.
//! The references are what OpenTofu writes for the expression beside them.

use cloudspells::audit::{Subject, read};
use cloudspells::prove::network::Group;
use serde_json::{Value, json};

const NSG: &str = "oci_core_network_security_group";

/// A plan of a VCN, a subnet, the NSGs `n[0]`, `n[1]`, `e["a"]`, `e["b"]` and
/// `one`, and instances `i` of some keys with such an expression for `nsg_ids`.
fn plan(keys: &[Value], elements: usize, references: &[&str], more: &[Value]) -> String {
    let mut resources = vec![
        json!({"address": "oci_core_vcn.v", "type": "oci_core_vcn", "name": "v",
            "values": {"id": "v", "cidr_blocks": ["10.0.0.0/16"]}}),
        json!({"address": "oci_core_subnet.s", "type": "oci_core_subnet", "name": "s",
            "values": {"id": "s", "vcn_id": "v", "cidr_block": "10.0.0.0/24", "security_list_ids": [], "route_table_id": "t"}}),
    ];
    let mut changes = Vec::new();
    let mut new = |kind: &str, name: &str, key: Option<&Value>, values: Value, unknown: Value| {
        let index = key.map(|key| format!("[{key}]")).unwrap_or_default();
        let address = format!("{kind}.{name}{index}");
        changes.push(json!({"address": address, "change": {"after_unknown": unknown}}));
        let mut resource = json!({"address": address, "type": kind, "name": name, "values": values});
        if let Some(key) = key {
            resource["index"] = key.clone();
        }
        resources.push(resource);
    };
    for (name, key) in
        [("n", Some(json!(0))), ("n", Some(json!(1))), ("e", Some(json!("a"))), ("e", Some(json!("b"))), ("one", None)]
    {
        new(NSG, name, key.as_ref(), json!({"vcn_id": "v"}), json!({"id": true}));
    }
    for key in keys {
        let unknown = json!({"create_vnic_details": [{"nsg_ids": vec![true; elements]}]});
        let values = json!({"create_vnic_details": [{"subnet_id": "s", "nsg_ids": vec![Value::Null; elements]}]});
        new("oci_core_instance", "i", Some(key), values, unknown);
    }
    for one in more {
        new(one["type"].as_str().unwrap(), "x", None, json!({}), one["unknown"].clone());
    }
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes,
        "variables": {"pair": {"value": {"a": "b", "b": "a"}}},
        "configuration": {"root_module": {"resources": [{
            "address": "oci_core_instance.i",
            "expressions": {"create_vnic_details": [{"nsg_ids": {"references": references}}]},
            "for_each_expression": {"references": ["var.pair"]}
        }]}}
    })
    .to_string()
}

/// The NSGs of the instance with the first of the keys, and what is said of them.
fn nsgs(text: &str) -> (Vec<String>, Vec<String>) {
    let (certain, _, whys) = all_nsgs(text);
    (certain, whys)
}

/// The same, and with those that it may have between them.
fn all_nsgs(text: &str) -> (Vec<String>, Vec<String>, Vec<String>) {
    let Subject { network, widest, unknowns, .. } = read(text).unwrap_or_else(|problem| panic!("{problem}"));
    let is_it = |group: &&Group| group.name.starts_with("oci_core_instance.i");
    let first = network.groups.iter().find(is_it).unwrap();
    let possible = widest.map(|widest| widest.groups.iter().find(is_it).unwrap().nsgs.clone());
    let whys = unknowns.into_iter().filter(|one| one.address == first.name).map(|one| one.why).collect();
    (first.nsgs.clone(), possible.unwrap_or_default(), whys)
}

#[test]
fn a_key_beside_a_block_may_be_its_key_or_any_other() {
    let (number, text) = ([json!(0), json!(1)], [json!("a"), json!("b")]);
    for (keys, references, taken, how) in [
        // [n[count.index].id], and [n[1 - count.index].id] too
        (&number, &["oci_core_network_security_group.n", "count.index"][..], "n[0]", "the one with the same index"),
        // [e[each.key].id], and [e[each.key == "a" ? "b" : "a"].id] too
        (&text, &["oci_core_network_security_group.e", "each.key"], "e[\"a\"]", "the one with the same key"),
        // [e[each.value].id]
        (
            &text,
            &["oci_core_network_security_group.e", "each.value"],
            "e[\"b\"]",
            "the one with the key in `each.value`",
        ),
    ] {
        let (certain, possible, whys) = all_nsgs(&plan(keys, 1, references, &[]));
        assert_eq!(certain, [""; 0], "{references:?}");
        let all: Vec<_> = keys.iter().map(|key| format!("{}[{key}]", references[0])).collect();
        assert!(all.iter().all(|nsg| possible.contains(nsg)), "{references:?}: {possible:?}");
        assert_eq!(whys, [format!("it is likely `{NSG}.{taken}`, {how}; the plan does not say so")], "{references:?}");
    }
}

#[test]
fn what_a_plan_says_needs_no_word() {
    let keys = [json!("a")];
    for (elements, references, taken) in [
        (
            1,
            &[
                "oci_core_network_security_group.n[1].id",
                "oci_core_network_security_group.n[1]",
                "oci_core_network_security_group.n",
            ][..],
            &["n[1]"][..],
        ),
        (1, &["oci_core_network_security_group.one.id", "oci_core_network_security_group.one"], &["one"]),
        (2, &["oci_core_network_security_group.n"], &["n[0]", "n[1]"]),
        (1, &["oci_core_network_security_group.one", "each.key"], &["one"]),
    ] {
        let (found, whys) = nsgs(&plan(&keys, elements, references, &[]));
        assert_eq!(found, taken.iter().map(|name| format!("{NSG}.{name}")).collect::<Vec<_>>(), "{references:?}");
        assert_eq!(whys, [""; 0], "{references:?}");
    }
}

#[test]
fn a_key_out_of_something_else_is_not_followed() {
    for (elements, references, why) in [
        // [e[var.pair[each.key]].id]
        (1, &["oci_core_network_security_group.e", "var.pair", "each.key"][..], "it is among"),
        // [e[local.pair[each.key]].id]
        (1, &["oci_core_network_security_group.e", "local.pair", "each.key"], "depends on `local.pair`"),
        // [var.x ? n[0].id : n[1].id, n[1].id]: it may have one twice
        (
            2,
            &[
                "var.x",
                "oci_core_network_security_group.n[0].id",
                "oci_core_network_security_group.n[1].id",
                "oci_core_network_security_group.n",
                "oci_core_network_security_group.n[1].id",
            ],
            "it is among",
        ),
        // [oci_core_vcn.w.id == "" ? "ocid1..." : one.id]
        (
            1,
            &["oci_core_drg.x.id", "oci_core_drg.x", "oci_core_network_security_group.one.id"],
            "depends on `oci_core_drg.x.id`",
        ),
        // [var.x ? one.id : one(oci_core_vnic_attachment.x.create_vnic_details[0].nsg_ids)]
        (
            1,
            &[
                "oci_core_network_security_group.one.id",
                "oci_core_network_security_group.one",
                "oci_core_drg.x.parts[0].nsg",
                "oci_core_drg.x.parts[0]",
                "oci_core_drg.x.parts",
                "oci_core_drg.x",
            ],
            "depends on `oci_core_drg.x.parts`",
        ),
    ] {
        let more = [json!({"type": "oci_core_drg", "unknown": {"id": true, "parts": [{"nsg": true}]}})];
        let (found, whys) = nsgs(&plan(&[json!("a")], elements, references, &more));
        assert_eq!(found, [""; 0], "{references:?}");
        assert_eq!(whys.len(), 1, "{whys:?}");
        assert!(whys[0].contains(why) && whys[0].contains("possible"), "{whys:?}");
    }
}

/// A plan of one new VCN, and a subnet whose `vcn_id` is a local.
fn only_vcn(other: &str, unknown: &Value) -> String {
    json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [
            {"address": "oci_core_vcn.v", "type": "oci_core_vcn", "name": "v", "values": {"cidr_blocks": ["10.0.0.0/16"]}},
            {"address": "oci_core_subnet.s", "type": "oci_core_subnet", "name": "s", "values": {"cidr_block": "10.0.0.0/24"}},
            {"address": format!("{other}.x"), "type": other, "name": "x", "values": {}}
        ]}},
        "resource_changes": [
            {"address": "oci_core_vcn.v", "change": {"after_unknown": {"id": true}}},
            {"address": "oci_core_subnet.s", "change": {"after_unknown": {"id": true, "vcn_id": true}}},
            {"address": format!("{other}.x"), "change": {"after_unknown": unknown}}
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "oci_core_subnet.s", "expressions": {"vcn_id": {"references": ["local.vcn"]}}}
        ]}}
    })
    .to_string()
}

#[test]
fn the_only_one_is_taken_where_nothing_foreign_can_be_meant() {
    let subject = read(&only_vcn("oci_core_drg", &json!({"id": true}))).unwrap();
    assert_eq!(subject.network.subnets["oci_core_subnet.s"].vcn, "oci_core_vcn.v");
    let why = &subject.unknowns.iter().find(|one| one.attribute == "vcn_id").unwrap().why;
    assert!(why.ends_with("assumed to be `oci_core_vcn.v`, the only VCN here; the plan does not say so"), "{why}");
    // Nothing of it is unknown any more.
    assert_eq!(read(&only_vcn("terraform_data", &json!({}))).unwrap().network.subnets.len(), 1);
    for foreign in ["terraform_data", "null_resource", "random_id"] {
        let subject = read(&only_vcn(foreign, &json!({"id": true}))).unwrap();
        assert!(subject.unknowns.iter().any(|one| one.why.contains("depends on `local.vcn`")), "{foreign}");
    }
}
