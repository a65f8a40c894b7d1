//! What an audit does not know is never nothing: each of these networks has an
//! opening that is not certain, or something that is not modelled.

use cloudspells::audit::coverage::{ROWS, Treatment};
use cloudspells::audit::{Subject, read};
use cloudspells::prove::network::{Endpoint, Network, Target};
use cloudspells::prove::{Certainty, Concerns, Engine, May, Report};
use serde_json::{Value, json};

type Resource = (&'static str, &'static str, Value);

/// A VCN that nothing enters: a public subnet with a list without rules and a
/// route to the internet, a private one, an NSG without rules; and more.
fn closed() -> Vec<Resource> {
    vec![
        ("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        ("oci_core_internet_gateway", "igw", json!({"vcn_id": "v", "enabled": true})),
        ("oci_core_route_table", "out", table("igw")),
        ("oci_core_route_table", "none", json!({"vcn_id": "v", "route_rules": []})),
        ("oci_core_security_list", "empty", json!({"vcn_id": "v"})),
        ("oci_core_security_list", "ssh", list("0.0.0.0/0", false)),
        ("oci_core_network_security_group", "g", json!({"vcn_id": "v"})),
        ("oci_core_subnet", "s", subnet("10.0.0.0/24", "out", "empty")),
        ("oci_core_subnet", "p", subnet("10.0.1.0/24", "none", "empty")),
    ]
}

fn table(gateway: &str) -> Value {
    json!({"vcn_id": "v", "route_rules": [{"destination": "0.0.0.0/0", "network_entity_id": gateway}]})
}

fn list(source: &str, is_stateless: bool) -> Value {
    json!({"vcn_id": "v", "ingress_security_rules": [
        {"protocol": "6", "source": source, "stateless": is_stateless, "tcp_options": [{"min": 22, "max": 22}]}]})
}

fn subnet(cidr: &str, table: &str, list: &str) -> Value {
    json!({"vcn_id": "v", "cidr_block": cidr, "route_table_id": table, "security_list_ids": [list]})
}

fn ssh_rule(nsg: &str) -> Resource {
    let options = json!([{"destination_port_range": [{"min": 22, "max": 22}]}]);
    let values = json!({"network_security_group_id": nsg, "direction": "INGRESS", "protocol": "6",
        "source": "0.0.0.0/0", "tcp_options": options});
    ("oci_core_network_security_group_security_rule", "r", values)
}

fn instance(details: Value) -> Resource {
    ("oci_core_instance", "i", json!({"create_vnic_details": [details]}))
}

fn replaced(more: &[Resource]) -> Vec<Resource> {
    let mut all = closed();
    for one in more {
        all.retain(|old| (old.0, old.1) != (one.0, one.1));
        all.push(one.clone());
    }
    all
}

fn resource((kind, name, values): &Resource, has_id: bool) -> Value {
    let mut values = values.clone();
    if has_id {
        values["id"] = json!(name);
    }
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
}

fn state_of(all: &[Resource]) -> Value {
    let resources: Vec<_> = all.iter().map(|one| resource(one, true)).collect();
    json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}})
}

fn subject(json: &Value) -> Subject {
    read(&json.to_string()).unwrap_or_else(|problem| panic!("{problem}"))
}

fn state(more: &[Resource]) -> Subject {
    subject(&state_of(&replaced(more)))
}

/// A plan that makes all of this, and in which these attributes, each with the
/// references of its expression, are not known.
fn plan(more: &[Resource], unknown: &[(&str, &str, &[&str])]) -> Value {
    let all = replaced(more);
    let mut changes = Vec::new();
    let mut configured = Vec::new();
    for (kind, name, _) in &all {
        let address = format!("{kind}.{name}");
        let mut after = json!({});
        let mut expressions = json!({});
        for (of, path, references) in unknown.iter().filter(|(of, ..)| *of == address) {
            let _ = of;
            let (mut at, mut text) = (&mut after, &mut expressions);
            for step in path.split('.') {
                at = &mut at[step];
                text = &mut text[step];
                if let Some((list, _)) = path.split_once('.')
                    && step == list
                {
                    *at = json!([{}]);
                    *text = json!([{}]);
                    at = &mut at[0];
                    text = &mut text[0];
                }
            }
            *at = json!(true);
            *text = json!({"references": references});
        }
        changes.push(json!({"address": address, "change": {"actions": ["create"], "after_unknown": after}}));
        configured.push(json!({"address": address, "expressions": expressions}));
    }
    let resources: Vec<_> = all.iter().map(|one| resource(one, true)).collect();
    json!({"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": changes, "configuration": {"root_module": {"resources": configured}}})
}

/// The groups that the internet reaches on TCP 22: for certain, and possibly.
fn reached(subject: &Subject) -> (Vec<String>, Vec<String>) {
    let of = |network: &Network| {
        let engine = Engine::new(network);
        let is_reached = |at: &usize| !engine.reach(Endpoint::Internet, Endpoint::Group(*at)).regions.is_empty();
        (0..network.groups.len()).filter(is_reached).collect::<Vec<_>>()
    };
    let groups = &subject.network.groups;
    let (certain, possible): (Vec<_>, Vec<_>) =
        of(&subject.network).into_iter().partition(|at| groups[*at].candidate_of.is_none());
    let mut possible: Vec<_> = possible.into_iter().chain(subject.widest.iter().flat_map(of)).collect();
    possible.retain(|at| !certain.contains(at));
    possible.sort_unstable();
    possible.dedup();
    let names = |all: Vec<usize>| all.into_iter().map(|at| groups[at].name.clone()).collect();
    (names(certain), names(possible))
}

fn may_open(subject: &Subject) -> bool {
    subject.unknowns.iter().any(|one| matches!(one.may, May::Open | May::Either))
}

const I: &str = "oci_core_instance.i";

#[test]
fn the_closed_stack_is_closed() {
    let subject = state(&[]);
    assert_eq!(reached(&subject), (vec![], vec![]));
    assert_eq!((subject.widest, subject.unknowns), (None, vec![]));
    let private = state(&[instance(json!({"subnet_id": "s", "assign_public_ip": true, "nsg_ids": ["g"]}))]);
    assert_eq!((reached(&private), private.unknowns), ((vec![], vec![]), vec![]));
}

#[test]
fn a_vnic_has_a_route_table_of_its_own() {
    // In the private subnet, with the way out of the public one.
    let open = ("oci_core_subnet", "p", subnet("10.0.1.0/24", "none", "ssh"));
    let details =
        |table: Option<&str>| instance(json!({"subnet_id": "p", "assign_public_ip": true, "route_table_id": table}));
    assert_eq!(reached(&state(&[open.clone(), details(None)])), (vec![], vec![]));
    assert_eq!(reached(&state(&[open.clone(), details(Some("out"))])), (vec![I.to_owned()], vec![]));
    // And the other way round: its own leads nowhere.
    let open = ("oci_core_subnet", "p", subnet("10.0.1.0/24", "out", "ssh"));
    assert_eq!(reached(&state(&[open, details(Some("none"))])).0, ["oci_core_subnet.p"]);
}

#[test]
fn openings_that_were_lost() {
    let ssh = ("oci_core_subnet", "s", subnet("10.0.0.0/24", "out", "ssh"));
    // The subnet beside the block.
    let older = ("oci_core_instance", "i", json!({"subnet_id": "s", "create_vnic_details": [{"nsg_ids": ["g"]}]}));
    assert_eq!(reached(&state(&[older, ssh_rule("g")])).0, [I]);
    // An address that it has although none was asked for.
    let given =
        json!({"public_ip": "192.0.2.7", "create_vnic_details": [{"subnet_id": "s", "assign_public_ip": false}]});
    assert_eq!(reached(&state(&[ssh.clone(), ("oci_core_instance", "i", given)])).0, [I, "oci_core_subnet.s"]);
    // A type that is not in the table.
    let thing = ("oci_example_thing", "t", json!({"deep": [{"deeper": [{"subnet_id": "s", "nsg_ids": ["g"]}]}]}));
    assert_eq!(reached(&state(&[thing, ssh_rule("g")])).1, ["oci_example_thing.t"]);
    // Secondary VNICs, and options, of an instance configuration.
    for details in [
        json!([{"secondary_vnics": [{"create_vnic_details": [{"subnet_id": "s", "nsg_ids": ["g"]}]}]}]),
        json!([{"options": [{"launch_details": [{"create_vnic_details": [{"subnet_id": "s", "nsg_ids": ["g"]}]}]}]}]),
    ] {
        let configuration = ("oci_core_instance_configuration", "c", json!({"instance_details": details}));
        assert_eq!(reached(&state(&[configuration, ssh_rule("g")])).1, ["oci_core_instance_configuration.c"]);
    }
    // A list that two resources manage.
    let default = |name, source| {
        let mut values = list(source, false);
        values["manage_default_resource_id"] = json!("v.list");
        ("oci_core_default_security_list", name, values)
    };
    let vcn = ("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"], "default_security_list_id": "v.list"}));
    let bare = ("oci_core_subnet", "s", json!({"vcn_id": "v", "cidr_block": "10.0.0.0/24", "route_table_id": "out"}));
    let subject = state(&[vcn, bare, default("a", "10.0.0.0/16"), default("b", "0.0.0.0/0")]);
    assert_eq!(reached(&subject), (vec![], vec!["oci_core_subnet.s".to_owned()]));
}

#[test]
fn an_nsg_without_vnics_is_judged_where_it_could_be() {
    let subject = state(&[ssh_rule("g")]);
    let name = "oci_core_network_security_group.g";
    assert_eq!(reached(&subject), (vec![], vec![format!("{name} in oci_core_subnet.s")]));
    let groups = subject.network.groups.iter().filter(|group| group.candidate_of.as_deref() == Some(name));
    assert_eq!(groups.count(), 2, "one in each subnet");
}

#[test]
fn what_a_plan_only_forgets_is_still_there() {
    let mut plan = plan(&[instance(json!({"subnet_id": "s", "nsg_ids": ["g"]}))], &[]);
    let rule = resource(&ssh_rule("g"), true);
    plan["prior_state"] = json!({"values": {"root_module": {"resources": [rule]}}});
    let change = |actions: &[&str]| json!({"address": rule["address"], "change": {"actions": actions, "before": rule["values"]}});
    let with = |actions: &[&str]| {
        let mut plan = plan.clone();
        plan["resource_changes"].as_array_mut().unwrap().push(change(actions));
        reached(&subject(&plan)).0
    };
    assert_eq!(with(&["forget"]), [I]);
    assert_eq!(with(&["delete"]), [""; 0]);
}

#[test]
fn what_is_not_known_of_a_rule_is_anything() {
    let vnic = instance(json!({"subnet_id": "s", "nsg_ids": ["g"]}));
    let narrow = |change: &dyn Fn(&mut Value)| {
        let mut rule = ssh_rule("g");
        change(&mut rule.2);
        rule
    };
    let rule = "oci_core_network_security_group_security_rule.r";
    let possible = |rule: Resource, unknown: &[(&str, &str, &[&str])]| {
        let subject = subject(&plan(&[vnic.clone(), rule], unknown));
        assert_eq!(reached(&subject).0, [""; 0]);
        reached(&subject).1
    };
    // Its peer, its protocol.
    let peer = narrow(&|rule| rule["source"] = Value::Null);
    assert_eq!(possible(peer, &[(rule, "source", &["oci_core_instance.x.private_ip"])]), [I]);
    let protocol = narrow(&|rule| rule["protocol"] = Value::Null);
    assert_eq!(possible(protocol, &[(rule, "protocol", &["terraform_data.x.output"])]), [I]);
    // A list whose rules are in a `dynamic` block over something unknown.
    let vnic = instance(json!({"subnet_id": "s"}));
    let mut plan = plan(&[vnic], &[("oci_core_security_list.empty", "ingress_security_rules", &[])]);
    for resource in plan["configuration"]["root_module"]["resources"].as_array_mut().unwrap() {
        resource["expressions"].as_object_mut().unwrap().remove("ingress_security_rules");
    }
    let subject = subject(&plan);
    assert_eq!(reached(&subject), (vec![], vec![I.to_owned(), "oci_core_subnet.s".to_owned()]));
}

#[test]
fn routes_in_a_dynamic_block_may_lead_anywhere() {
    let open = ("oci_core_subnet", "p", subnet("10.0.1.0/24", "none", "ssh"));
    let mut plan = plan(&[open], &[("oci_core_route_table.none", "route_rules", &[])]);
    for resource in plan["configuration"]["root_module"]["resources"].as_array_mut().unwrap() {
        resource["expressions"].as_object_mut().unwrap().remove("route_rules");
    }
    let subject = subject(&plan);
    assert_eq!(reached(&subject).1.len(), 1, "{:?}", reached(&subject));
    assert!(may_open(&subject));
}

#[test]
fn candidates_are_judged_one_by_one() {
    let open = ("oci_core_subnet", "p", subnet("10.0.1.0/24", "none", "ssh"));
    let mut unknown = plan(
        &[open],
        &[
            ("oci_core_subnet.p", "route_table_id", &["oci_core_route_table.out.id", "oci_core_route_table.none.id"]),
            ("oci_core_route_table.out", "id", &[]),
            ("oci_core_route_table.none", "id", &[]),
        ],
    );
    for resource in unknown["planned_values"]["root_module"]["resources"].as_array_mut().unwrap() {
        if resource["type"] == "oci_core_route_table" {
            resource["values"].as_object_mut().unwrap().remove("id");
        }
        if resource["address"] == "oci_core_subnet.s" {
            resource["values"]["route_table_id"] = Value::Null;
        }
        if resource["address"] == "oci_core_subnet.p" {
            resource["values"]["route_table_id"] = Value::Null;
        }
    }
    let subject = subject(&unknown);
    assert_eq!(reached(&subject), (vec![], vec!["oci_core_subnet.p with oci_core_route_table.out".to_owned()]));
    let why = subject.unknowns.iter().find(|one| one.address == "oci_core_subnet.p").unwrap();
    assert_eq!(why.may, May::Nothing, "the networks hold both");
}

#[test]
fn peered_vcns_are_joined_where_both_gateways_are_here() {
    let far = |more: &[Resource]| {
        let mut all = vec![
            ("oci_core_vcn", "w", json!({"cidr_blocks": ["10.9.0.0/16"]})),
            ("oci_core_local_peering_gateway", "a", json!({"vcn_id": "v", "peer_id": "b"})),
            ("oci_core_local_peering_gateway", "b", json!({"vcn_id": "w"})),
            (
                "oci_core_route_table",
                "out",
                json!({"vcn_id": "v", "route_rules": [{"destination": "10.9.0.0/16", "network_entity_id": "a"}]}),
            ),
        ];
        all.extend(more.iter().cloned());
        state(&all)
    };
    let subject = far(&[]);
    let routes = &subject.network.subnets["oci_core_subnet.s"].routes;
    assert_eq!(routes[0].target, Target::Peering("oci_core_vcn.w".to_owned()));
    assert!(!may_open(&subject), "{:#?}", subject.unknowns);
    // Peered with something elsewhere.
    let alone = far(&[("oci_core_local_peering_gateway", "a", json!({"vcn_id": "v", "peer_id": "ocid1.elsewhere"}))]);
    assert!(may_open(&alone));

    let drg = far(&[
        ("oci_core_drg", "d", json!({})),
        ("oci_core_drg_attachment", "x", json!({"drg_id": "d", "vcn_id": "v"})),
        ("oci_core_drg_attachment", "y", json!({"drg_id": "d", "network_details": [{"id": "w", "type": "VCN"}]})),
        (
            "oci_core_route_table",
            "out",
            json!({"vcn_id": "v", "route_rules": [{"destination": "10.9.0.0/16", "network_entity_id": "d"}]}),
        ),
    ]);
    assert_eq!(drg.network.subnets["oci_core_subnet.s"].routes[0].target, Target::Drg("oci_core_drg.d".to_owned()));
    let attached: Vec<_> = drg.network.drgs["oci_core_drg.d"].iter().map(String::as_str).collect();
    assert_eq!(attached, ["oci_core_vcn.v", "oci_core_vcn.w"]);
    assert!(may_open(&drg), "what is behind a DRG is not all here");
}

#[test]
fn a_document_that_is_not_whole_says_so() {
    let named = |json: &Value, attribute: &str| {
        let subject = subject(json);
        subject.unknowns.iter().any(|one| one.attribute == attribute && matches!(one.may, May::Open | May::Either))
    };
    let plan = plan(&[], &[]);
    for (flag, value) in [("errored", true), ("complete", false)] {
        let mut broken = plan.clone();
        broken[flag] = json!(value);
        assert!(named(&broken, flag) && !named(&plan, flag), "{flag}");
    }
    let mut state = state_of(&closed());
    let mut old = resource(&ssh_rule("g"), true);
    old["deposed_key"] = json!("12345678");
    state["values"]["root_module"]["resources"].as_array_mut().unwrap().push(old);
    assert!(named(&state, "deposed"));
    // A tainted one exists like any other.
    let mut tainted = state_of(&replaced(&[ssh_rule("g"), instance(json!({"subnet_id": "s", "nsg_ids": ["g"]}))]));
    for resource in tainted["values"]["root_module"]["resources"].as_array_mut().unwrap() {
        resource["tainted"] = json!(true);
    }
    assert_eq!(reached(&subject(&tainted)).0, [I]);
    // Two resources that manage one object.
    let mut twice = state_of(&closed());
    let mut copy = resource(&("oci_core_security_list", "copy", list("0.0.0.0/0", false)), true);
    copy["values"]["id"] = json!("empty");
    twice["values"]["root_module"]["resources"].as_array_mut().unwrap().push(copy);
    assert!(named(&twice, "id"));
    // Without a refresh there is no drift and no word of it: judged as it is.
    let mut stale = plan.clone();
    stale.as_object_mut().unwrap().remove("resource_drift");
    assert_eq!(subject(&stale).unknowns, vec![]);
}

#[test]
fn regions_do_not_meet() {
    let mut state = state_of(&replaced(&[
        ("oci_core_vcn", "w", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        (
            "oci_core_subnet",
            "other",
            json!({"vcn_id": "w", "cidr_block": "10.0.0.0/24", "route_table_id": "elsewhere", "security_list_ids": []}),
        ),
    ]));
    for resource in state["values"]["root_module"]["resources"].as_array_mut().unwrap() {
        resource["provider_name"] = json!("registry.terraform.io/oracle/oci");
    }
    let network = subject(&state).network;
    let engine = Engine::new(&network);
    let at = |name: &str| Endpoint::Group(network.groups.iter().position(|group| group.name == name).unwrap());
    assert!(engine.reach(at("oci_core_subnet.s"), at("oci_core_subnet.other")).regions.is_empty());
    assert_eq!(network.vcns.len(), 2);
}

/// A value for an argument, at its path.
fn with(argument: &str) -> Value {
    let (first, rest) = argument.split_once('.').map_or((argument, None), |(first, rest)| (first, Some(rest)));
    let value = match rest {
        Some(rest) => json!([with(rest)]),
        None if first.ends_with("subnet_id") => json!("s"),
        None if first.ends_with("subnet_ids") => json!(["s"]),
        None if first.ends_with("nsg_ids") || first.ends_with("security_group_ids") => json!(["g"]),
        None if first == "nsg_id" || first == "network_security_group_id" => json!("g"),
        None if first.ends_with("route_table_id") => json!("out"),
        None if first == "vcn_id" => json!("v"),
        None if first == "security_attributes" => json!({"a.b": "c"}),
        None if first.ends_with("details") || first.ends_with("settings") => json!([{"type": "x"}]),
        None if first.contains("ipv6cidr") || first.ends_with("_ids") => json!(["2001:db8::/64"]),
        None if first.starts_with("is_") || first.starts_with("assign_") => json!(true),
        None => json!("x"),
    };
    json!({first: value})
}

/// Types that do nothing alone: others lead to them, or put them to use.
const PARTS: [&str; 14] = [
    "oci_core_cluster_network",
    "oci_core_instance_configuration",
    "oci_core_instance_pool",
    "oci_core_default_route_table",
    "oci_core_default_security_list",
    "oci_core_internet_gateway",
    "oci_core_local_peering_gateway",
    "oci_core_nat_gateway",
    "oci_core_network_security_group_security_rule",
    "oci_core_route_table",
    "oci_core_route_table_attachment",
    "oci_core_service_gateway",
    "oci_core_virtual_network",
    "oci_core_vcn",
];

/// Whether an argument is the place of VNICs, without which the others of its
/// block say nothing.
fn is_place(argument: &str) -> bool {
    let last = argument.rsplit('.').next().unwrap_or(argument);
    last.ends_with("subnet_id") || last.ends_with("subnet_ids")
}

#[test]
fn nothing_that_matters_is_passed_over_in_silence() {
    let before = state(&[]);
    let mut silent = Vec::new();
    for row in ROWS {
        let after = state(&[(row.kind, "added", with(row.argument))]);
        let of = |one: &&cloudspells::prove::Unknown| !before.unknowns.contains(one);
        let named: Vec<_> = after.unknowns.iter().filter(of).collect();
        let has_group = after.network.groups.len() > before.network.groups.len();
        let is_said = match row.treatment {
            Treatment::Named(may) => named.iter().any(|one| {
                one.address == format!("{}.added", row.kind)
                    && one.may == may
                    && one.concerns != Concerns::Group(String::new())
            }),
            Treatment::Assumed if is_place(row.argument) => has_group,
            Treatment::Modelled if PARTS.contains(&row.kind) => true,
            Treatment::Modelled if is_place(row.argument) => {
                has_group || !named.is_empty() || !after.unplaced.is_empty()
            }
            Treatment::Modelled | Treatment::Assumed | Treatment::Nothing => true,
        };
        if !is_said {
            silent.push(format!("{} {}: {:?}", row.kind, row.argument, row.treatment));
        }
    }
    assert!(silent.is_empty(), "{}\n{silent:#?}", silent.len());
}

/// The documentation's table is the one that the code uses. With
/// `UPDATE_GOLDENS` it is written.
#[test]
fn the_security_model_has_the_table_that_the_code_uses() {
    const START: &str = "<!-- the table of arguments -->\n";
    const END: &str = "<!-- its end -->";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/security-model.md");
    let text = std::fs::read_to_string(path).unwrap();
    let line = |row: &cloudspells::audit::coverage::Row| {
        format!("| `{}` | `{}` | {} |\n", row.kind, row.argument, row.treatment.words())
    };
    let table: String = ROWS.iter().map(line).collect();
    let table = format!("\n| resource | argument | treatment |\n| --- | --- | --- |\n{table}\n");
    let (before, rest) = text.split_once(START).expect("the start of the table");
    let (found, after) = rest.split_once(END).expect("the end of the table");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(path, format!("{before}{START}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(found, table, "UPDATE_GOLDENS=1 writes it");
    }
}

/// A written `null` sets nothing: the subnet has its VCN's default list.
#[test]
fn null_is_no_expression_to_follow() {
    let resource = |kind: &str, values: serde_json::Value| serde_json::json!({"address": format!("{kind}.a"), "type": kind, "name": "a", "values": values});
    let list = serde_json::json!({"ingress_security_rules": [], "egress_security_rules": []});
    let plan = serde_json::json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": [
            resource("oci_core_vcn", serde_json::json!({"cidr_blocks": ["10.0.0.0/16"]})),
            resource("oci_core_subnet", serde_json::json!({"cidr_block": "10.0.0.0/24"})),
            resource("oci_core_default_security_list", list),
        ]}},
        "resource_changes": [
            {"address": "oci_core_vcn.a", "change": {"after_unknown": {"id": true, "default_security_list_id": true}}},
            {"address": "oci_core_subnet.a",
             "change": {"after_unknown": {"id": true, "vcn_id": true, "security_list_ids": true}}},
            {"address": "oci_core_default_security_list.a",
             "change": {"after_unknown": {"id": true, "manage_default_resource_id": true}}},
        ],
        "configuration": {"root_module": {"resources": [
            {"address": "oci_core_subnet.a", "expressions": {
                "vcn_id": {"references": ["oci_core_vcn.a.id", "oci_core_vcn.a"]},
                "security_list_ids": {"constant_value": null}}},
            {"address": "oci_core_default_security_list.a", "expressions": {"manage_default_resource_id":
                {"references": ["oci_core_vcn.a.default_security_list_id", "oci_core_vcn.a"]}}},
        ]}}
    });
    let subject = cloudspells::audit::read(&plan.to_string()).unwrap();
    let lists = &subject.network.subnets["oci_core_subnet.a"].security_lists;
    assert_eq!(lists, &["oci_core_default_security_list.a"], "{:#?}", subject.unknowns);
}

/// A condition may have a `null` in it, a list may be filtered, and have ids
/// that are written out: none of it is in a plan's JSON.
#[test]
fn one_reference_beside_another_is_no_certainty() {
    const X: &str = "var.x";
    // A condition on the list: `x ? [empty.id] : null` is the VCN's default, as
    // `[]` is, which admits SSH.
    let lists = |references: &[&str]| {
        let of = [
            ("oci_core_security_list.empty", "id", &[][..]),
            ("oci_core_vcn.v", "default_security_list_id", &[]),
            ("oci_core_subnet.s", "security_list_ids", references),
        ];
        subject(&plan(&[("oci_core_subnet", "s", without(subnet("10.0.0.0/24", "out", ""), "security_list_ids"))], &of))
    };
    let empty = ["oci_core_security_list.empty.id", "oci_core_security_list.empty"];
    let plain = lists(&empty);
    assert_eq!(reached(&plain), (vec![], vec![]));
    // It may have `"ocid1..."` beside what it refers to.
    assert!(may_open(&plain));
    let conditional = lists(&[&empty[..], &[X]].concat());
    assert_eq!(reached(&conditional), (vec![], vec!["oci_core_subnet.s".to_owned()]));

    // `x ? null : none.id` is the VCN's default table, as managed here.
    let tables = |references: &[&str]| {
        let mut routes = table("igw");
        routes["manage_default_resource_id"] = json!("v.table");
        let vcn = json!({"cidr_blocks": ["10.0.0.0/16"], "default_route_table_id": "v.table"});
        let more = [
            ("oci_core_vcn", "v", vcn),
            ("oci_core_default_route_table", "d", without(routes, "vcn_id")),
            ("oci_core_subnet", "p", without(subnet("10.0.1.0/24", "", "ssh"), "route_table_id")),
        ];
        let of = [("oci_core_route_table.none", "id", &[][..]), ("oci_core_subnet.p", "route_table_id", references)];
        reached(&subject(&plan(&more, &of)))
    };
    let none = ["oci_core_route_table.none.id", "oci_core_route_table.none"];
    assert_eq!(tables(&none), (vec![], vec![]));
    let by_default = "oci_core_subnet.p with oci_core_default_route_table.d".to_owned();
    assert_eq!(tables(&[&none[..], &[X]].concat()), (vec![], vec![by_default.clone()]));
    // `one([for t in [none] : t.id if ...])`: what takes the id out may pass it over.
    assert_eq!(tables(&none[1..]), (vec![], vec![by_default]));

    // `x ? [g.id] : null`: the instance may be in no NSG, and so not reached.
    let nsgs = |references: &[&str]| {
        let of = [
            ("oci_core_network_security_group.g", "id", &[][..]),
            (I, "create_vnic_details.nsg_ids", references),
            ("oci_core_network_security_group_security_rule.r", "network_security_group_id", &GROUP),
        ];
        reached(&subject(&plan(&[instance(json!({"subnet_id": "s"})), without_nsg(ssh_rule("g"))], &of)))
    };
    assert_eq!(nsgs(&GROUP), (vec![I.to_owned()], vec![]));
    assert_eq!(nsgs(&[&GROUP[..], &[X]].concat()), (vec![], vec![I.to_owned()]));
    assert_eq!(nsgs(&GROUP[1..]), (vec![], vec![I.to_owned()]));
}

const GROUP: [&str; 2] = ["oci_core_network_security_group.g.id", "oci_core_network_security_group.g"];

fn without(mut values: Value, name: &str) -> Value {
    values.as_object_mut().unwrap().remove(name);
    values
}

fn without_nsg((kind, name, values): Resource) -> Resource {
    (kind, name, without(values, "network_security_group_id"))
}

/// `[local.lists["a"]]`, or a module's output: the JSON has the references of
/// the whole map, and not which of them has which key.
#[test]
fn a_key_into_a_map_of_ids_takes_one_of_them() {
    let of = [
        ("oci_core_security_list.empty", "id", &[][..]),
        ("oci_core_security_list.ssh", "id", &[]),
        ("oci_core_subnet.s", "security_list_ids", &["module.m.lists[\"empty\"]", "module.m.lists", "module.m"]),
    ];
    let bare = without(subnet("10.0.0.0/24", "out", ""), "security_list_ids");
    let mut plan = plan(&[("oci_core_subnet", "s", bare)], &of);
    // Both lists are in a module, which puts out a map.
    let mut inside = Vec::new();
    for (part, place) in
        [("planned_values", "/planned_values/root_module"), ("configuration", "/configuration/root_module")]
    {
        let resources = plan.pointer_mut(place).unwrap()["resources"].as_array_mut().unwrap();
        let is_list = |one: &Value| one["address"].as_str().unwrap().starts_with("oci_core_security_list.");
        let (lists, rest) = resources.drain(..).partition(is_list);
        *resources = rest;
        inside.push((part, Value::Array(lists)));
    }
    for resource in inside[0].1.as_array_mut().unwrap() {
        resource["address"] = json!(format!("module.m.{}", resource["address"].as_str().unwrap()));
        resource["values"] = without(resource["values"].clone(), "id");
    }
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        if change["address"].as_str().unwrap().starts_with("oci_core_security_list.") {
            change["address"] = json!(format!("module.m.{}", change["address"].as_str().unwrap()));
        }
    }
    plan["planned_values"]["root_module"]["child_modules"] = json!([{"address": "module.m", "resources": inside[0].1}]);
    let lists = ["empty", "ssh"].map(|name| format!("oci_core_security_list.{name}"));
    let all = [format!("{}.id", lists[0]), lists[0].clone(), format!("{}.id", lists[1]), lists[1].clone()];
    plan["configuration"]["root_module"]["module_calls"] = json!({"m": {"source": "./m", "expressions": {},
        "module": {"resources": inside[1].1, "outputs": {"lists": {"expression": {"references": all}}}}}});
    let found = subject(&plan);
    assert_eq!(reached(&found), (vec![], vec!["oci_core_subnet.s".to_owned()]), "{:#?}", found.unknowns);
}

/// `[for k in each.value.nsgs : { a = g.id, b = h.id }[k]]`: which of them is in
/// the row, which a plan's JSON does not lead to.
#[test]
fn a_row_says_which_of_several_is_meant() {
    let vnic = instance(json!({"subnet_id": "s"}));
    let other = ("oci_core_network_security_group", "h", json!({"vcn_id": "v"}));
    let all = [&["each.value.nsgs", "each.value"][..], &GROUP, &OTHER].concat();
    let of = [
        ("oci_core_network_security_group.g", "id", &[][..]),
        ("oci_core_network_security_group.h", "id", &[]),
        (I, "create_vnic_details.nsg_ids", &all),
        ("oci_core_network_security_group_security_rule.r", "network_security_group_id", &GROUP),
    ];
    let found = subject(&plan(&[vnic, other, without_nsg(ssh_rule("g"))], &of));
    assert_eq!(reached(&found), (vec![], vec![I.to_owned()]), "{:#?}", found.unknowns);
}

const OTHER: [&str; 2] = ["oci_core_network_security_group.h.id", "oci_core_network_security_group.h"];

/// What is said of the network by what is not read is named.
#[test]
fn what_is_not_read_is_named() {
    let says = |subject: &Subject, words: &str| {
        let found = subject.unknowns.iter().find(|one| one.why.contains(words));
        let found = found.unwrap_or_else(|| panic!("{words}: {:#?}", subject.unknowns));
        assert!(matches!(found.may, May::Open | May::Either), "{found:#?}");
    };
    let vnic = instance(json!({"subnet_id": "s", "assign_public_ip": false, "nsg_ids": ["g"]}));
    let with = |more: &[Resource]| state(&[&[vnic.clone(), ssh_rule("g")], more].concat());
    assert!(!may_open(&with(&[])), "{:#?}", with(&[]).unknowns);
    // A public address that is not asked for where the VNIC is described.
    let values = json!({"assigned_entity_type": "PRIVATE_IP", "assigned_entity_id": "elsewhere"});
    says(&with(&[("oci_core_public_ip", "address", values)]), "it is the public address of elsewhere");
    let gateway = json!({"assigned_entity_type": "NAT_GATEWAY", "assigned_entity_id": "nat"});
    let reserved = with(&[("oci_core_public_ip", "address", gateway)]);
    assert!(!may_open(&reserved), "{:#?}", reserved.unknowns);
    let mut state = state_of(&replaced(&[vnic.clone(), ssh_rule("g")]));
    let resources = state["values"]["root_module"]["resources"].as_array_mut().unwrap();
    resources.push(json!({"address": "data.oci_core_vnic.v", "mode": "data", "type": "oci_core_vnic", "name": "v",
        "values": {"public_ip_address": "192.0.2.7"}}));
    says(&subject(&state), "192.0.2.7 is public");
    let mut state = state_of(&replaced(std::slice::from_ref(&vnic)));
    let resources = state["values"]["root_module"]["resources"].as_array_mut().unwrap();
    let kind = "oci_core_network_security_group_security_rules";
    resources.push(json!({"address": format!("data.{kind}.r"), "mode": "data", "type": kind, "name": "r",
        "values": {"network_security_group_id": "g", "security_rules": [{"source": "0.0.0.0/0"}]}}));
    says(&subject(&state), "what it shows of `oci_core_network_security_group.g` is not compared");
    // Types that nobody knows and that name what guards or routes.
    for (kind, values) in [
        ("oci_core_rules_in_bulk", json!({"network_security_group_id": "g"})),
        ("oci_core_route_rule", json!({"deep": [{"table": "none"}]})),
        ("restapi_object", json!({"path": "/20160918/networkSecurityGroups/g/actions/addSecurityRules"})),
        ("null_resource", json!({"triggers": {"list": "empty"}})),
    ] {
        says(&with(&[(kind, "x", values)]), "what this type of resource does to ");
    }
    assert!(!may_open(&with(&[("local_file", "x", json!({"content": "g"}))])));
    // Resources that are not whole, or are only among the changes.
    let mut broken = state_of(&replaced(&[vnic.clone(), ssh_rule("g")]));
    broken["values"]["root_module"]["resources"].as_array_mut().unwrap().last_mut().unwrap()["values"] = Value::Null;
    says(&subject(&broken), "it is not whole here");
    let mut planned = plan(std::slice::from_ref(&vnic), &[]);
    let rule = resource(&ssh_rule("g"), true);
    for action in ["create", "forget"] {
        let change = json!({"address": rule["address"], "mode": "managed", "type": rule["type"],
            "change": {"actions": [action], "before": rule["values"]}});
        planned["resource_changes"].as_array_mut().unwrap().push(change);
        says(&subject(&planned), "it is not whole here");
        planned["resource_changes"].as_array_mut().unwrap().pop();
    }
    // Rules and routes that name nothing.
    says(&with(&[without_nsg(ssh_rule("g"))]), "it names no NSG");
    let routes = json!({"vcn_id": "v", "route_rules": [{"destination": "0.0.0.0/0"}]});
    says(&with(&[("oci_core_route_table", "none", routes)]), "it names no gateway");
}

/// Whether a rule tracks connections is not known: it may, and then replies get
/// back.
#[test]
fn what_may_be_answered_is_not_said_to_be_one_way() {
    let mut rule = ssh_rule("g");
    rule.2["stateless"] = Value::Null;
    let of = [("oci_core_network_security_group_security_rule.r", "stateless", &["terraform_data.x.output"][..])];
    let vnic = instance(json!({"subnet_id": "s", "nsg_ids": ["g"]}));
    let report = Report::new(&subject(&plan(&[vnic, rule], &of)).into_model());
    let lines: Vec<_> = report.exposures.iter().map(|line| (line.certainty, line.is_one_way)).collect();
    assert_eq!(lines, [(Certainty::Certain, true), (Certainty::Possible, false)]);
}

/// A subnet is in its VCN, even if its CIDR is computed from what is not known.
#[test]
fn a_subnet_whose_cidr_is_not_known_is_somewhere_in_its_vcn() {
    let open = ("oci_core_subnet", "s", without(subnet("", "out", "ssh"), "cidr_block"));
    let of = [("oci_core_subnet.s", "cidr_block", &["data.oci_core_vcn.v.cidr_block"][..])];
    let subject = subject(&plan(&[open, instance(json!({"subnet_id": "s"}))], &of));
    assert_eq!(reached(&subject), (vec![], vec![I.to_owned(), "oci_core_subnet.s".to_owned()]));
    let why = subject.unknowns.iter().find(|one| one.attribute == "cidr_block").unwrap();
    assert_eq!(why.may, May::Either);
    assert_eq!(subject.network.subnets["oci_core_subnet.s"].cidr, "10.0.0.0/16".parse().unwrap());
}
