//! States as others make them: what is odd in them is named, what can't be
//! judged is said to be, what is a choice is not demanded.

use cloudspells::audit::{Subject, read, roles};
use cloudspells::prove::network::{Destination, Target};
use cloudspells::prove::{FlowResult, Level, Report};
use serde_json::{Value, json};

/// A state of these resources, each `(type, name, values)`, whose ids are
/// their names.
fn state(resources: &[(&str, &str, Value)]) -> String {
    let resource = |(kind, name, values): &(&str, &str, Value)| {
        let mut values = values.clone();
        values["id"] = json!(name);
        json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
    };
    let resources: Vec<_> = resources.iter().map(resource).collect();
    json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string()
}

/// A VCN with an internet gateway, a table to it, a list that lets TCP 22 in
/// and everything out, a subnet that has both; and more.
fn stack(more: &[(&'static str, &'static str, Value)]) -> Subject {
    let mut all = vec![
        ("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        ("oci_core_internet_gateway", "igw", json!({"vcn_id": "v", "enabled": true})),
        ("oci_core_nat_gateway", "nat", json!({"vcn_id": "v"})),
        (
            "oci_core_route_table",
            "rt",
            json!({"vcn_id": "v", "route_rules": [{"destination": "0.0.0.0/0", "network_entity_id": "igw"}]}),
        ),
        (
            "oci_core_security_list",
            "sl",
            json!({"vcn_id": "v",
            "ingress_security_rules": [{"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": 22, "max": 22}]}],
            "egress_security_rules": [{"protocol": "all", "destination": "0.0.0.0/0"}]}),
        ),
        ("oci_core_network_security_group", "g", json!({"vcn_id": "v"})),
        ("oci_core_subnet", "s", subnet(&["10.0.0.0/24"])),
    ];
    for one in more {
        all.retain(|old| (old.0, old.1) != (one.0, one.1));
        all.push(one.clone());
    }
    read(&state(&all)).unwrap_or_else(|problem| panic!("{problem}"))
}

fn subnet(cidrs: &[&str]) -> Value {
    json!({"vcn_id": "v", "cidr_block": cidrs[0], "ipv4cidr_blocks": cidrs, "route_table_id": "rt", "security_list_ids": ["sl"]})
}

/// What is said of a resource's attribute.
fn why<'a>(subject: &'a Subject, address: &str, attribute: &str) -> &'a str {
    let one = subject.unknowns.iter().find(|one| one.address == address && one.attribute == attribute);
    one.map_or_else(|| panic!("nothing of {address} {attribute}: {:#?}", subject.unknowns), |one| one.why.as_str())
}

#[test]
fn what_is_no_block_is_named_and_left_out() {
    let rule = |options: Value| {
        let kind = "oci_core_network_security_group_security_rule";
        let values = json!({"network_security_group_id": "g", "direction": "INGRESS", "protocol": "6",
            "source": "0.0.0.0/0", "tcp_options": options});
        (kind, "r", values)
    };
    let range = json!([{"destination_port_range": [{"min": 22, "max": 22}]}]);
    assert_eq!(stack(&[rule(range.clone())]).network.nsgs["oci_core_network_security_group.g"].len(), 1);
    let address = "oci_core_network_security_group_security_rule.r";
    for (options, attribute) in [
        (json!([null]), "tcp_options"),
        (json!([range]), "tcp_options"),
        (json!("22"), "tcp_options"),
        (json!([{}, {}]), "tcp_options"),
        (json!([{"destination_port_range": "22-22"}]), "tcp_options[0].destination_port_range"),
        (json!([{"source_port_range": [7]}]), "tcp_options[0].source_port_range"),
    ] {
        let subject = stack(&[rule(options)]);
        assert!(subject.network.nsgs["oci_core_network_security_group.g"].is_empty(), "{attribute}");
        assert_eq!(why(&subject, address, attribute), "it is not one block; the rule is left out");
    }
    for (kind, name, values, attribute, expected) in [
        (
            "oci_core_security_list",
            "x",
            json!({"ingress_security_rules": "none"}),
            "ingress_security_rules",
            "\"none\" is",
        ),
        ("oci_core_security_list", "x", json!({"egress_security_rules": [7]}), "egress_security_rules[0]", "\"7\" is"),
        ("oci_core_route_table", "x", json!({"route_rules": true}), "route_rules", "true is"),
        ("oci_core_instance", "x", json!({"create_vnic_details": [[]]}), "create_vnic_details[0]", "a list is"),
    ] {
        let subject = stack(&[(kind, name, values)]);
        let why = why(&subject, &format!("{kind}.{name}"), attribute);
        assert_eq!(why, format!("{expected} not a block; it is left out"));
    }
    let subject = stack(&[(
        "oci_core_instance",
        "x",
        json!({"create_vnic_details": [{"subnet_id": "s", "nsg_ids": "g", "assign_public_ip": "yes"}]}),
    )]);
    let address = "oci_core_instance.x";
    assert_eq!(why(&subject, address, "create_vnic_details[0].nsg_ids"), "\"g\" is not a list; assumed to be empty");
    let flag = why(&subject, address, "create_vnic_details[0].assign_public_ip");
    assert_eq!(flag, "\"yes\" is neither true nor false; assumed to be true");
}

#[test]
fn an_address_outside_of_what_is_analysed_is_taken_to_be_anywhere() {
    let instance =
        |ip: &str| ("oci_core_instance", "i", json!({"create_vnic_details": [{"subnet_id": "s", "private_ip": ip}]}));
    let addresses = |subject: &Subject| {
        let group = subject.network.groups.iter().find(|group| group.name == "oci_core_instance.i").unwrap();
        group.addresses.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(addresses(&stack(&[instance("10.0.0.5")])), ["10.0.0.5/32"]);
    for ip in ["10.9.9.9", "10.0.0.0/8", "10.0.0.0/24"] {
        let subject = stack(&[instance(ip)]);
        assert_eq!(addresses(&subject), ["10.0.0.0/24"], "{ip}");
        assert!(why(&subject, "oci_core_instance.i", "private_ip").ends_with("assumed to be anywhere in it"), "{ip}");
    }
    let second = ("oci_core_subnet", "s", subnet(&["10.0.0.0/24", "10.0.9.0/24"]));
    let subject = stack(&[second, instance("10.0.9.5")]);
    assert_eq!(addresses(&subject)[0], "10.0.0.0/24");
    let exposed = Report::new(&subject.into_model()).exposures;
    assert!(exposed.iter().any(|one| one.from == ["internet"] && one.to.contains(&"oci_core_instance.i".to_owned())));
}

#[test]
fn a_default_route_in_parts_is_one() {
    let routes = |rules: &[(&str, &str)]| {
        let rules: Vec<_> = rules.iter().map(|(to, by)| json!({"destination": to, "network_entity_id": by})).collect();
        let subject = stack(&[("oci_core_route_table", "rt", json!({"vcn_id": "v", "route_rules": rules}))]);
        let subnet = &subject.network.subnets["oci_core_subnet.s"];
        let default =
            subnet.routes.iter().filter(|route| route.destination == Destination::Cidr("0.0.0.0/0".parse().unwrap()));
        (default.map(|route| route.target.clone()).collect::<Vec<_>>(), subject)
    };
    let halves = ("0.0.0.0/1", "128.0.0.0/1");
    assert_eq!(routes(&[(halves.0, "igw"), (halves.1, "igw")]).0, [Target::InternetGateway]);
    assert_eq!(routes(&[(halves.0, "nat"), ("128.0.0.0/2", "nat"), ("192.0.0.0/2", "nat")]).0, [Target::NatGateway]);
    // It is for no address any more.
    assert_eq!(routes(&[(halves.0, "nat"), (halves.1, "nat"), ("0.0.0.0/0", "igw")]).0, [Target::NatGateway]);
    assert_eq!(routes(&[(halves.0, "nat"), ("0.0.0.0/0", "igw")]).0, [Target::InternetGateway]);
    assert_eq!(routes(&[(halves.0, "nat")]).0, []);
    let (none, subject) = routes(&[(halves.0, "nat"), (halves.1, "igw")]);
    assert_eq!(none, []);
    assert!(why(&subject, "oci_core_route_table.rt", "route_rules").contains("not by one gateway"));
}

#[test]
fn a_cluster_network_has_vnics() {
    let configuration = json!({"instance_details": [{"launch_details": [{"create_vnic_details":
        [{"subnet_id": "s", "nsg_ids": ["g"], "assign_public_ip": true}]}]}]});
    let network = json!({"instance_pools": [{"instance_configuration_id": "c", "size": 4}],
        "placement_configuration": [{"primary_subnet_id": "s", "secondary_vnic_subnets": [{"subnet_id": "s"}]}]});
    let subject =
        stack(&[("oci_core_instance_configuration", "c", configuration), ("oci_core_cluster_network", "cn", network)]);
    let group = subject.network.groups.iter().find(|group| group.name == "oci_core_cluster_network.cn").unwrap();
    assert_eq!((group.nsgs.len(), group.public_ip), (1, true));
    // The secondary VNICs are in the same subnet and NSG.
    assert_eq!(subject.unknowns.iter().find(|one| one.attribute.contains("secondary")), None);
}

/// A cluster with one pool, in these subnets: of its endpoint and its load
/// balancers, of its pool.
fn cluster(tags: &Value, outer: &str, pool: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        (
            "oci_containerengine_cluster",
            "k",
            json!({"freeform_tags": tags, "cluster_pod_network_options": [{"cni_type": "OCI_VCN_IP_NATIVE"}],
            "endpoint_config": [{"subnet_id": outer, "is_public_ip_enabled": false}],
            "options": [{"service_lb_subnet_ids": [outer]}]}),
        ),
        (
            "oci_containerengine_node_pool",
            "p",
            json!({"cluster_id": "k", "node_config_details": [{"placement_configs": [{"subnet_id": pool}],
            "node_pool_pod_network_option_details": [{"cni_type": "OCI_VCN_IP_NATIVE", "pod_subnet_ids": [pool]}]}]}),
        ),
    ]
}

#[test]
fn what_has_no_place_is_not_judged() {
    let details = "node_config_details[0]";
    assert_eq!(stack(&cluster(&json!({}), "s", "s")).unjudged(), [""; 0]);
    let line = |by: &str, attribute: &str, words: &str| {
        format!(
            "oci_containerengine_{by}: {attribute} leads to no subnet that could be read; the flows of \
             oci_containerengine_cluster.k's {words} there are not judged"
        )
    };
    let pods = format!("{details}.node_pool_pod_network_option_details[0].pod_subnet_ids");
    let nodes = format!("{details}.placement_configs[0].subnet_id");
    let pool = [line("node_pool.p", &pods, "pods"), line("node_pool.p", &nodes, "workers")];
    assert_eq!(stack(&cluster(&json!({}), "s", "elsewhere")).unjudged(), pool);
    let subject = stack(&cluster(&json!({}), "elsewhere", "elsewhere"));
    assert_eq!(subject.clusters.len(), 1);
    let outer = [
        line("cluster.k", "endpoint_config[0].subnet_id", "API endpoint"),
        line("cluster.k", "options[0].service_lb_subnet_ids", "load balancers"),
    ];
    assert_eq!(subject.unjudged(), [outer, pool].concat());

    let mut lost = cluster(&json!({}), "s", "s");
    lost[1].2["cluster_id"] = json!("elsewhere");
    let unjudged = "oci_containerengine_node_pool.p: cluster_id leads to no cluster here; the flows of its workers are \
                    not judged";
    assert_eq!(stack(&lost).unjudged(), [unjudged]);
    for part in ["placement_configs", "node_pool_pod_network_option_details"] {
        let mut bare = cluster(&json!({}), "s", "s");
        bare[1].2["node_config_details"][0].as_object_mut().unwrap().remove(part);
        assert_eq!(stack(&bare).unjudged().len(), 1, "{part}");
    }
    // One of two subnets: the rest is still judged.
    let mut half = cluster(&json!({}), "s", "s");
    half[0].2["options"][0]["service_lb_subnet_ids"] = json!(["s", "elsewhere"]);
    let subject = stack(&half);
    assert_eq!((subject.unjudged().len(), subject.clusters[0].of(&roles::LB).len()), (1, 1));
}

/// A subnet that no public address is in, with a way to OCI services only.
fn private(cluster: Vec<(&'static str, &'static str, Value)>) -> Subject {
    let mut all = cluster;
    let mut subnet = subnet(&["10.0.0.0/24"]);
    subnet["prohibit_public_ip_on_vnic"] = json!(true);
    let label = "all-fra-services-in-oracle-services-network";
    all.extend([
        ("oci_core_subnet", "s", subnet),
        (
            "oci_core_service_gateway",
            "sg",
            json!({"vcn_id": "v", "services": [{"service_name": "All FRA Services In Oracle Services Network"}]}),
        ),
        (
            "oci_core_route_table",
            "rt",
            json!({"vcn_id": "v", "route_rules":
            [{"destination": label, "destination_type": "SERVICE_CIDR_BLOCK", "network_entity_id": "sg"}]}),
        ),
        (
            "oci_core_security_list",
            "sl",
            json!({"vcn_id": "v",
            "ingress_security_rules": [{"protocol": "all", "source": "10.0.0.0/16"}],
            "egress_security_rules": [{"protocol": "all", "destination": "0.0.0.0/0"}]}),
        ),
    ]);
    stack(&all)
}

#[test]
fn a_private_cluster_of_others_needs_no_internet() {
    let report = Report::new(&private(cluster(&json!({}), "s", "s")).into_model());
    assert!(report.is_proven(), "{:#?}", report.flows);
    let (outer, inner): (Vec<_>, Vec<_>) =
        report.flows.iter().partition(|flow| [&flow.from, &flow.to].contains(&&"internet".to_owned()));
    assert!(!outer.is_empty() && !inner.is_empty());
    assert!(outer.iter().all(|flow| flow.level == Level::Optional && flow.result != FlowResult::Proven));
    // What stays inside is demanded as ever; what Oracle lists and no cluster
    // depends on is said to be no more than that.
    let of = |level| inner.iter().filter(|flow| flow.level == level).count();
    assert_eq!((of(Level::Required), of(Level::Recommended)), (15, 6));
    let api_to_pods: Vec<_> = inner
        .iter()
        .filter(|flow| flow.from.ends_with(".api") && flow.to.ends_with(".pod"))
        .map(|flow| (flow.level, flow.traffic.as_str()))
        .collect();
    assert_eq!(api_to_pods, [(Level::Required, "TCP"), (Level::Recommended, "everything")]);

    // Load balancers with public addresses are there to be reached.
    let public = stack(&cluster(&json!({}), "s", "s"));
    let required = |report: &Report, to: &str| {
        let of = |flow: &&cloudspells::prove::FlowLine| flow.from == "internet" && flow.to.ends_with(to);
        report.flows.iter().filter(of).filter(|flow| flow.level == Level::Required).count()
    };
    let report = Report::new(&public.into_model());
    assert_eq!((required(&report, ".lb"), required(&report, ".worker"), required(&report, ".api")), (2, 0, 0));

    // Ours says what it needs.
    let tags = json!({"managed-by": "cloudspells", "spell-type": "oke-cluster", "spell-name": "k8s"});
    assert!(!Report::new(&private(cluster(&tags, "s", "s")).into_model()).is_proven());
}
