//! Several plans and states at once are one estate, and clusters of others: who
//! has which NSG, what can't be shown, and the exit codes.

use crate::common::home::Home;
use cloudspells::Mapping;
use cloudspells::audit::Shown;
use cloudspells::prove::{FlowResult, Level, Model, Report};
use serde_json::{Value, json};

fn resource(kind: &str, name: &str, mut values: Value) -> Value {
    values["id"] = json!(format!("ocid1.{name}"));
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
}

fn state(resources: Vec<Value>) -> String {
    json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string()
}

/// What a network team has in its state.
fn network() -> String {
    state(vec![
        resource("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        resource("oci_core_internet_gateway", "igw", json!({"vcn_id": "ocid1.v", "enabled": true})),
        resource(
            "oci_core_route_table",
            "rt",
            json!({"vcn_id": "ocid1.v", "route_rules": [{"destination": "0.0.0.0/0", "network_entity_id": "ocid1.igw"}]}),
        ),
        resource("oci_core_security_list", "sl", json!({"vcn_id": "ocid1.v"})),
        resource(
            "oci_core_subnet",
            "s",
            json!({"vcn_id": "ocid1.v", "cidr_block": "10.0.0.0/24", "route_table_id": "ocid1.rt",
            "security_list_ids": ["ocid1.sl"]}),
        ),
    ])
}

/// What a team has that puts a server into that network.
fn server() -> String {
    let values =
        |direction: &str| json!({"network_security_group_id": "ocid1.g", "direction": direction, "protocol": "6"});
    let mut ssh = values("INGRESS");
    ssh["source"] = json!("0.0.0.0/0");
    ssh["source_type"] = json!("CIDR_BLOCK");
    ssh["tcp_options"] = json!([{"destination_port_range": [{"min": 22, "max": 22}]}]);
    state(vec![
        resource("oci_core_network_security_group", "g", json!({"vcn_id": "ocid1.v"})),
        resource("oci_core_network_security_group_security_rule", "ssh", ssh),
        resource(
            "oci_core_instance",
            "host",
            json!({"create_vnic_details": [{"subnet_id": "ocid1.s", "nsg_ids": ["ocid1.g"], "assign_public_ip": "true"}]}),
        ),
    ])
}

fn estate(files: &[(&str, &str)]) -> Model {
    let parse = |(file, text): &(&str, &str)| ((*file).to_owned(), Shown::parse(text).expect("a plan or a state"));
    let shown = Shown::estate(files.iter().map(parse).collect());
    shown.subject(&cloudspells::audit::Texts::default()).expect("a network").into_model()
}

#[test]
fn what_one_state_refers_to_is_found_in_the_other() {
    let model = estate(&[("network.json", &network()), ("server.json", &server())]);
    let report = Report::new(&model);
    let found: Vec<_> =
        report.exposures.iter().map(|line| (line.from.join(" "), line.to.join(" "), line.traffic.as_str())).collect();
    let ssh = ("internet".to_owned(), "oci_core_instance.host".to_owned(), "TCP 22");
    assert!(found.contains(&ssh), "{found:?}");
    assert!(!model.unknowns.iter().any(|one| one.why.contains("is not in this state")), "{:#?}", model.unknowns);
}

#[test]
fn a_plan_and_a_state_are_one_estate() {
    let planned: Value = serde_json::from_str(&server()).expect("is JSON");
    let root = &planned["values"]["root_module"];
    let rename = |resource: &Value| {
        let mut resource = resource.clone();
        resource["address"] = json!(format!("module.app.{}", resource["address"].as_str().expect("has one")));
        resource
    };
    let inner: Vec<_> = root["resources"].as_array().expect("a list").iter().map(rename).collect();
    let plan = json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [{"address": "module.app", "resources": inner}]}},
        "resource_changes": [],
        "configuration": {"root_module": {"module_calls": {"app": {"module": {}}}}},
        "variables": {"zone": {"value": "a"}},
    });
    let model = estate(&[("network.json", &network()), ("plan.json", &plan.to_string())]);
    let exposures = Report::new(&model).exposures;
    assert!(exposures.iter().any(|line| line.to == ["module.app.oci_core_instance.host"]), "{exposures:#?}");
}

#[test]
fn an_address_of_two_files_is_told_apart_by_the_files() {
    let other = network().replace("ocid1.", "ocid2.").replace("10.0.", "10.1.");
    let model = estate(&[("a.json", &network()), ("b.json", &other)]);
    let vcns: Vec<_> = model.network.vcns.keys().map(String::as_str).collect();
    assert_eq!(vcns, ["a.json:oci_core_vcn.v", "b.json:oci_core_vcn.v"]);
    let subnets: Vec<_> =
        model.network.subnets.values().map(|subnet| (subnet.vcn.as_str(), subnet.routes.len())).collect();
    assert_eq!(subnets, [("a.json:oci_core_vcn.v", 1), ("b.json:oci_core_vcn.v", 1)]);
}

#[test]
fn files_are_named_once_and_a_directory_is_of_one_plan() {
    let home = Home::empty();
    home.write("network.json", network());
    home.write("server.json", server());
    let ran = home.run("audit network.json server.json");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("HIGH    internet → oci_core_instance.host  TCP 22 (SSH)\n"), "{ran:?}");
    assert!(home.wrong("audit network.json network.json").contains("network.json is named twice"));
    assert!(home.wrong("audit network.json server.json --dir .").contains("`--dir` is the directory of one plan"));
}

/// A cluster that cloudspells did not generate, behind security lists that let
/// nothing in from its load balancers.
fn cluster() -> Vec<Value> {
    let network: Value = serde_json::from_str(&network()).expect("is JSON");
    let mut all = network["values"]["root_module"]["resources"].as_array().expect("a list").clone();
    all.extend([
        resource("oci_core_network_security_group", "lb", json!({"vcn_id": "ocid1.v", "display_name": "lb"})),
        resource(
            "oci_core_network_security_group_security_rule",
            "https",
            json!({"network_security_group_id": "ocid1.lb", "direction": "INGRESS", "protocol": "6", "source": "0.0.0.0/0",
            "source_type": "CIDR_BLOCK", "tcp_options": [{"destination_port_range": [{"min": 443, "max": 443}]}]}),
        ),
        resource(
            "oci_containerengine_cluster",
            "k",
            json!({"endpoint_config": [{"subnet_id": "ocid1.s", "is_public_ip_enabled": false}],
            "options": [{"service_lb_subnet_ids": ["ocid1.s"]}]}),
        ),
    ]);
    all
}

fn subject(resources: Vec<Value>) -> cloudspells::audit::Subject {
    cloudspells::audit::read(&state(resources)).expect("a network")
}

fn flow(report: &Report, from: &str, to: &str, traffic: &str) -> (FlowResult, Level) {
    let is_it = |flow: &&cloudspells::prove::FlowLine| {
        flow.from.ends_with(from) && flow.to.ends_with(to) && flow.traffic == traffic
    };
    let flow = report.flows.iter().find(is_it).unwrap_or_else(|| panic!("{from} to {to}: {:#?}", report.flows));
    (flow.result, flow.level)
}

#[test]
fn what_annotations_say_is_unknown_until_the_user_says_it() {
    let report = Report::new(&subject(cluster()).into_model());
    assert_eq!(flow(&report, "internet", ".lb", "TCP 443"), (FlowResult::Unknown, Level::Required));
    for nsg in ["oci_core_network_security_group.lb", "ocid1.lb"] {
        let mut subject = subject(cluster());
        subject.map(&Mapping::parse(&format!("lb={nsg}")).expect("is one")).expect("there is such an NSG");
        let report = Report::new(&subject.into_model());
        assert_eq!(flow(&report, "internet", ".lb", "TCP 443"), (FlowResult::Proven, Level::Required));
        assert_eq!(flow(&report, "internet", ".lb", "TCP 80"), (FlowResult::Broken, Level::Required));
    }
}

#[test]
fn a_mapping_that_fits_nothing_says_what_to_write() {
    let map = |text: &str| subject(cluster()).map(&Mapping::parse(text).expect("is one")).map_err(|it| it.message);
    let wrong = "no network security group here is \"oci_core_network_security_group.lbb\"; did you mean \
                 oci_core_network_security_group.lb?";
    assert_eq!(map("lb=oci_core_network_security_group.lbb"), Err(wrong.to_owned()));
    let nobody =
        "oci_containerengine_cluster.k has no pods here, and no VNIC here is in oci_core_network_security_group.lb";
    let pods = map("pod=oci_core_network_security_group.lb");
    assert!(pods == Ok(()) || pods == Err(nobody.to_owned()), "{pods:?}");
    assert!(Mapping::parse("lbs=x").is_err_and(|error| error.contains("did you mean lb?")));
    assert!(Mapping::parse("lb").is_err_and(|error| error.contains("ROLE=NSG")));
}

#[test]
fn the_exit_code_is_2_unless_all_that_is_required_is_proven() {
    let home = Home::empty();
    let mut all = cluster();
    all.retain(|one| one["name"] != "lb" && one["name"] != "https");
    home.write("unknown.json", state(all.clone()));
    // The load balancers' flows are unknown, and nothing is broken: there is
    // no pool, and the endpoint reaches no services.
    let code = |line: &str| home.run(line).code;
    let report: Value = serde_json::from_str(&home.run("audit --format json unknown.json").stdout).expect("is JSON");
    assert_eq!(report["result"], "broken");
    assert_eq!(code("audit unknown.json"), Some(2));
    assert_eq!(code("audit unknown.json --allow-unknown"), Some(2), "what is broken is not unknown");

    // Everything passes but what annotations say.
    let open = json!([{"protocol": "all", "source": "10.0.0.0/16", "destination": "0.0.0.0/0"}]);
    all.push(resource(
        "oci_core_security_list",
        "sl",
        json!({"vcn_id": "ocid1.v", "ingress_security_rules": open, "egress_security_rules": open}),
    ));
    all.retain(|one| one["name"] != "sl" || !one["values"]["egress_security_rules"].is_null());
    for one in &mut all {
        if one["name"] == "k" {
            one["values"]["endpoint_config"][0]["is_public_ip_enabled"] = json!(true);
        }
    }
    home.write("unknown.json", state(all.clone()));
    let report: Value = serde_json::from_str(&home.run("audit --format json unknown.json").stdout).expect("is JSON");
    assert_eq!(report["result"], "unknown", "{report:#}");
    assert_eq!(code("audit unknown.json"), Some(2));
    assert_eq!(code("audit unknown.json --allow-unknown"), Some(0));

    // A cluster that could not be judged: where its endpoint is, nobody says.
    for one in &mut all {
        if one["name"] == "k" {
            one["values"]["endpoint_config"][0]["subnet_id"] = json!("ocid1.elsewhere");
            one["values"]["options"] = json!([]);
        }
    }
    home.write("unjudged.json", state(all));
    let report: Value = serde_json::from_str(&home.run("audit --format json unjudged.json").stdout).expect("is JSON");
    assert_eq!(report["result"], "unjudged", "{report:#}");
    assert_eq!(code("audit unjudged.json"), Some(2));
    assert_eq!(code("audit unjudged.json --allow-unknown"), Some(0));
}

#[test]
fn why_answers_of_plans_and_states() {
    let home = Home::empty();
    home.write("network.json", network());
    home.write("server.json", server());
    let files = "--state network.json --state server.json";
    let ran = home.run(&format!("why internet oci_core_instance.host:22 {files}"));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let rule = "oci_core_network_security_group_security_rule.ssh INGRESS: 0.0.0.0/0 TCP 22 ✓ (NSG rule)";
    assert!(ran.stdout.contains(rule) && ran.stdout.contains("\nALLOWED: TCP 22\n"), "{ran:?}");
    // An address is that of the subnet.
    let ran = home.run(&format!("why 10.0.0.7 10.0.0.8:5432 {files}"));
    assert!(ran.code == Some(2) && ran.stdout.contains("note: 10.0.0.7 is treated as a VNIC of"), "{ran:?}");
    assert!(
        home.wrong(&format!("why internet oci_core_instance.hots {files}"))
            .contains("did you mean oci_core_instance.host?")
    );
    assert!(home.wrong("why internet x --map lb=y").contains("name one with `--plan FILE`"));
    home.write("spec.hcl", "vcn \"lab\" {}\n");
    assert!(home.wrong("why internet x --spec spec.hcl --plan network.json").contains("cannot be used with"));
}

#[test]
fn why_names_rules_that_are_for_nobody() {
    let home = Home::empty();
    let stale = network().replace("\"10.0.0.0/16\"", "\"10.0.0.0/8\"");
    let mut stale: Value = serde_json::from_str(&stale).expect("is JSON");
    let resources = stale["values"]["root_module"]["resources"].as_array_mut().expect("a list");
    let rule = |source: &str, port: u16| json!({"protocol": "6", "source": source, "tcp_options": [{"min": port, "max": port}]});
    for one in resources.iter_mut().filter(|one| one["name"] == "sl") {
        one["values"]["ingress_security_rules"] = json!([rule("10.9.0.0/16", 5432), rule("10.9.0.0/16", 22)]);
        one["values"]["egress_security_rules"] = json!([{"protocol": "all", "destination": "0.0.0.0/0"}]);
    }
    home.write("state.json", stale.to_string());
    let ran = home.run("why oci_core_subnet.s oci_core_subnet.s:5432 --state state.json");
    let note = "note: oci_core_security_list.sl, ingress TCP 5432 from 10.9.0.0/16, looks meant for it, but admits nobody: \
                no subnet here has an address in 10.9.0.0/16\n";
    assert!(ran.code == Some(2) && ran.stdout.contains(note), "{ran:?}");
    assert_eq!(ran.stdout.matches("admits nobody").count(), 1, "the other rule is about another port");
}

/// A network of which much is exposed and much is not known.
fn large() -> Vec<Value> {
    let network: Value = serde_json::from_str(&network()).expect("is JSON");
    let mut all = network["values"]["root_module"]["resources"].as_array().expect("a list").clone();
    let mut each = |kind: &str, name: String, mut values: Value| {
        let base = name.split('[').next().unwrap_or_default();
        values["id"] = json!(format!("ocid1.{name}"));
        all.push(json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": base, "values": values}));
    };
    for index in 0..40 {
        let rule =
            |port: i32| json!({"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": port, "max": port}]});
        let list = format!("list{index}");
        each(
            "oci_core_security_list",
            list.clone(),
            json!({"vcn_id": "ocid1.v", "ingress_security_rules": [rule(1000 + index), rule(22)]}),
        );
        let subnet = json!({"vcn_id": "ocid1.v", "cidr_block": format!("10.0.{}.0/24", index + 10), "route_table_id": "ocid1.rt",
            "security_list_ids": [format!("ocid1.{list}")]});
        each("oci_core_subnet", format!("many{index}"), subnet);
        each("oci_core_subnet", format!("lost[{index}]"), json!({"vcn_id": "ocid1.v", "cidr_block": "nonsense"}));
        each(
            "oci_core_instance",
            format!("lost[{index}]"),
            json!({"create_vnic_details": [{"subnet_id": format!("ocid1.elsewhere{index}")}]}),
        );
    }
    all
}

#[test]
fn a_report_is_short_unless_it_is_asked_for_everything() {
    let home = Home::empty();
    let mut all = large();
    all.extend(cluster().into_iter().filter(|one| one["type"] == "oci_containerengine_cluster"));
    home.write("large.json", state(all));
    let short = home.run("audit large.json").stdout;
    let lines = short.lines().count();
    assert!((20..=60).contains(&lines), "{lines} lines:\n{short}");
    assert!(short.contains("... and ") && short.contains(" HIGH") && short.contains("`-v` lists them."), "{short}");
    let folded = "  40 times: ";
    assert!(short.contains("oci_core_instance.lost[0..39]: create_vnic_details[0].subnet_id"), "{short}");
    assert!(short.contains(folded) && short.contains("oci_core_subnet.lost[0..39]: cidr_block"), "{short}");
    let all = home.run("audit -v large.json").stdout;
    assert!(all.lines().count() > 200 && !all.contains(folded), "{all}");
    assert!(all.contains("oci_core_subnet.lost[17]: cidr_block"), "{all}");
}

#[test]
fn no_exposures_stands_only_where_nothing_left_out_could_make_one() {
    let home = Home::empty();
    home.write("closed.json", network());
    let closed = home.run("audit closed.json").stdout;
    assert!(closed.contains("\nNo exposures.\n"), "{closed}");
    // The same, with a VNIC of which nobody knows where it is.
    let mut all: Value = serde_json::from_str(&network()).expect("is JSON");
    all["values"]["root_module"]["resources"].as_array_mut().expect("a list").push(resource(
        "oci_core_instance",
        "lost",
        json!({"create_vnic_details": [{"subnet_id": "ocid1.elsewhere"}]}),
    ));
    home.write("open.json", all.to_string());
    let open = home.run("audit open.json").stdout;
    assert!(!open.contains("No exposures.\n") && open.contains("No exposures among what is known;"), "{open}");
    assert!(open.trim_end().lines().last().is_some_and(|line| line.starts_with("To know more: ")), "{open}");
}

/// A cluster with pods whose lists let in and out no more than TCP.
#[test]
fn what_a_cluster_does_not_depend_on_differs_from_oracles_list() {
    let mut all = cluster();
    let tcp = |end: &str| json!([{"protocol": "6", end: "10.0.0.0/16"}, {"protocol": "all", end: "192.0.2.0/24"}]);
    all.retain(|one| one["name"] != "sl");
    all.push(resource(
        "oci_core_security_list",
        "sl",
        json!({"vcn_id": "ocid1.v", "ingress_security_rules": tcp("source"), "egress_security_rules": tcp("destination")}),
    ));
    all.push(resource(
        "oci_containerengine_node_pool",
        "p",
        json!({"cluster_id": "ocid1.k", "node_config_details": [{"placement_configs": [{"subnet_id": "ocid1.s"}],
        "node_pool_pod_network_option_details": [{"cni_type": "OCI_VCN_IP_NATIVE", "pod_subnet_ids": ["ocid1.s"]}]}]}),
    ));
    let mut subject = subject(all.clone());
    subject.map(&Mapping::parse("lb=ocid1.lb").expect("is one")).expect("there is such an NSG");
    let report = Report::new(&subject.into_model());
    assert_eq!(flow(&report, ".api", ".pod", "TCP"), (FlowResult::Proven, Level::Required));
    assert_eq!(flow(&report, ".api", ".pod", "everything"), (FlowResult::Broken, Level::Recommended));
    assert_eq!(flow(&report, ".pod", ".pod", "everything"), (FlowResult::Broken, Level::Required));
    let home = Home::empty();
    home.write("state.json", state(all));
    let said = home.run("audit -v --map lb=ocid1.lb state.json").stdout;
    let line = "\nDIFFERS from Oracle's list  oci_containerengine_cluster.k.api → oci_containerengine_cluster.k.pod  everything: ";
    assert!(said.contains(line), "{said}");
}
