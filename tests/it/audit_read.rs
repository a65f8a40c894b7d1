//! What is read from plans and states: real ones, made by OpenTofu and
//! Terraform from `tests/audit/stacks`, and small ones made by hand.

use cloudspells::audit::{PodNetworking, Shown, Subject, Texts, read, roles};
use cloudspells::prove::network::{
    Destination, Direction, GroupKind, Peer, Ports, Route, SecurityRule, Services, Target, Traffic,
};

const ALL: Ports = Ports { min: 0, max: u16::MAX };

fn fixture(name: &str) -> String {
    let path = format!("{}/tests/audit/{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn subject(name: &str) -> Subject {
    read(&fixture(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

/// What could not be resolved, a line each.
fn unresolved(subject: &Subject) -> Vec<String> {
    notes(subject, false).filter(|line| !line.ends_with(ASSUMED)).collect()
}

/// What was resolved, but by an assumption.
fn assumed(subject: &Subject) -> Vec<String> {
    notes(subject, false).filter(|line| line.ends_with(ASSUMED)).collect()
}

/// Lists that are assumed to be all that they name.
fn as_named(subject: &Subject) -> Vec<String> {
    notes(subject, true).collect()
}

const ASSUMED: &str = "; the plan does not say so";

fn notes(subject: &Subject, is_as_named: bool) -> impl Iterator<Item = String> {
    let notes = subject.unknowns.iter().filter(move |one| one.is_as_named == is_as_named);
    notes.map(|one| format!("{} {}: {}", one.address, one.attribute, one.why))
}

fn group_names(subject: &Subject) -> Vec<&str> {
    subject.network.groups.iter().map(|group| group.name.as_str()).collect()
}

fn routes(subject: &Subject, subnet: &str) -> Vec<(String, Target, String)> {
    let text = |route: &Route| match route.destination {
        Destination::Cidr(net) => net.to_string(),
        Destination::Services(services) => format!("{services:?}"),
    };
    subject.network.subnets[subnet]
        .routes
        .iter()
        .map(|route| (text(route), route.target.clone(), route.gateway.clone()))
        .collect()
}

fn route(destination: &str, target: Target, gateway: &str) -> (String, Target, String) {
    (destination.to_owned(), target, gateway.to_owned())
}

/// Rules as one line each, without descriptions.
fn rules(rules: &[SecurityRule]) -> Vec<String> {
    let line = |rule: &SecurityRule| {
        let direction = if rule.direction == Direction::Ingress { "from" } else { "to" };
        let stateless = if rule.stateless { " stateless" } else { "" };
        format!("{direction} {:?} {:?}{stateless}", rule.peer, rule.traffic)
    };
    rules.iter().map(line).collect()
}

#[test]
fn references_lead_through_modules_keys_and_outputs() {
    let subject = subject("modules");
    let network = &subject.network;
    let public = r#"module.net["c"].oci_core_subnet.this["public"]"#;
    let nsg = "module.rules.oci_core_network_security_group.this";

    assert_eq!(
        network.vcns.keys().collect::<Vec<_>>(),
        [r#"module.net["a.b"].oci_core_vcn.this"#, r#"module.net["c"].oci_core_vcn.this"#]
    );
    assert_eq!(network.subnets[public].vcn, r#"module.net["c"].oci_core_vcn.this"#);
    assert!(
        network.subnets[public].route_table.starts_with(r#"module.net["c"].oci_core_route_table.this["public"] ("#)
    );
    assert_eq!(network.subnets[public].cidr, "10.2.1.0/24".parse().unwrap());
    assert_eq!(
        rules(&network.nsgs[nsg]),
        [
            format!("to Nsg(\"{nsg}\") Udp {{ source: {ALL:?}, destination: {ALL:?} }} stateless"),
            rule_from_clients("198.51.100.7/32"),
            rule_from_clients("203.0.113.0/24"),
        ]
    );
    assert_eq!(network.nsgs[nsg][1].description, "home");
    assert!(network.nsgs[nsg][1].address.ends_with(r#".clients["home"]"#));

    let [cluster] = subject.clusters.as_slice() else { panic!("{:?}", subject.clusters) };
    assert_eq!(cluster.pod_networking, PodNetworking::Overlay);
    // In a subnet at a key that the plan does not say.
    let api: Vec<_> = cluster.of(&roles::API).iter().map(|at| &network.groups[*at]).collect();
    assert!(api.len() > 1 && api.iter().all(|one| one.candidate_of == api[0].candidate_of), "{api:#?}");
    assert!(api.iter().any(|one| one.subnet.starts_with(public) && one.public_ip && one.nsgs == [nsg]));
    assert!(!cluster.of(&roles::WORKER).is_empty() && cluster.of(&roles::POD).is_empty());
}

fn rule_from_clients(cidr: &str) -> String {
    format!(
        "from Cidr({cidr}) Tcp {{ source: Ports {{ min: 1024, max: 65535 }}, destination: Ports {{ min: 6443, max: 6443 }} }}"
    )
}

#[test]
fn a_conditional_is_named_and_never_guessed() {
    let subject = subject("modules");
    let table = r#"module.net["c"].oci_core_route_table.this["public"]"#;
    let why = unresolved(&subject);
    let said = format!("{table} route_rules[0].network_entity_id: it is among `module.net[\"c\"].oci_core_internet");
    assert!(why.iter().any(|one| one.starts_with(&said)), "{why:#?}");
    // The route leads to either, for VNICs that are in one of the two.
    let subnet = r#"module.net["c"].oci_core_subnet.this["public"]"#;
    let groups = subject.network.groups.iter().filter(|group| group.candidate_of.as_deref() == Some(subnet));
    let mut targets: Vec<_> =
        groups.flat_map(|group| routes(&subject, &group.subnet)).map(|(_, target, _)| target).collect();
    targets.dedup();
    assert!(targets.starts_with(&[Target::InternetGateway, Target::NatGateway]), "{targets:?}");
}

#[test]
fn vnics_of_many_kinds() {
    let subject = subject("foreign");
    let lists = &subject.network.subnets["oci_core_subnet.both"].security_lists;
    assert_eq!(lists, &["oci_core_security_list.extra", "oci_core_vcn.this.default_security_list_id"]);
    assert_eq!(
        rules(&subject.network.security_lists["oci_core_vcn.this.default_security_list_id"]),
        [
            format!("from Cidr(0.0.0.0/0) Tcp {{ source: {ALL:?}, destination: Ports {{ min: 22, max: 22 }} }}"),
            "from Cidr(0.0.0.0/0) Icmp { kind: Some(3), code: Some(4) }".to_owned(),
            "from Cidr(10.0.0.0/16) Icmp { kind: Some(3), code: None }".to_owned(),
            "to Cidr(0.0.0.0/0) All".to_owned(),
        ]
    );
    // Those of a dynamic block too; not the one for IPv6.
    assert_eq!(
        rules(&subject.network.security_lists["oci_core_security_list.extra"]),
        [
            "from Cidr(10.0.0.0/8) Icmp { kind: Some(8), code: None }".to_owned(),
            format!("from Cidr(0.0.0.0/0) Udp {{ source: {ALL:?}, destination: Ports {{ min: 500, max: 500 }} }}"),
            "to Cidr(10.0.0.0/16) All".to_owned(),
            "to Cidr(10.9.0.0/16) All".to_owned(),
        ]
    );
    // What is at an index of its own may be at any other, unless its address
    // says which.
    let mut names = group_names(&subject);
    names.iter_mut().for_each(|name| *name = name.split(" with ").next().unwrap());
    names.dedup();
    assert_eq!(
        names,
        [
            "oci_bastion_bastion.this",
            "oci_core_instance.hidden",
            "oci_core_instance.web[0] in oci_core_subnet.conditional[0]",
            "oci_core_instance.web[1] in oci_core_subnet.conditional[1]",
            "oci_load_balancer_load_balancer.this in oci_core_subnet.conditional[0]",
            "oci_load_balancer_load_balancer.this in oci_core_subnet.conditional[1]",
            "oci_core_subnet.both",
            "oci_core_subnet.conditional[0]",
            "oci_core_subnet.conditional[1]",
        ]
    );
    let group = |name: &str| subject.network.groups.iter().find(|group| group.name.starts_with(name)).unwrap();
    let web = group("oci_core_instance.web[1] in oci_core_subnet.conditional[1]");
    assert!(web.subnet.starts_with("oci_core_subnet.conditional[1] with "));
    assert_eq!(web.candidate_of.as_deref(), Some("oci_core_instance.web[1]"));
    assert_eq!(web.addresses, ["10.0.3.10/32".parse().unwrap()]);
    assert!(web.public_ip && !group("oci_core_instance.hidden").public_ip);
    assert_eq!(group("oci_load_balancer_load_balancer.this").nsgs.len(), 2);

    let why = unresolved(&subject);
    for expected in [
        "oci_core_instance.hidden create_vnic_details[0].nsg_ids: it depends on `local.nsgs`",
        "oci_core_drg.this id: what else is attached to it, here or by others, is not known",
        "oci_core_security_list.extra ingress_security_rules[2].source: IPv6 is not analysed",
        "oci_core_subnet.conditional[0] route_table_id: it is among",
        "oci_core_subnet.conditional[1] route_table_id: it is among",
    ] {
        assert!(why.iter().any(|one| one.starts_with(expected)), "{expected}: {why:#?}");
    }
    for line in assumed(&subject) {
        assert!(line.starts_with("oci_core_instance.web["), "{line}");
        assert!(line.contains("it is likely `oci_core_subnet.conditional["), "{line}");
        assert!(line.contains(", the one with the same index; the plan"), "{line}");
    }
}

#[test]
fn each_key_and_each_value_pick_instances() {
    let subject = subject("each");
    let network = &subject.network;
    let db = &network.subnets[r#"oci_core_subnet.this["db"]"#];
    assert_eq!(db.vcn, r#"oci_core_vcn.this["x"]"#);
    assert_eq!(db.route_table, r#"oci_core_route_table.this["none"]"#);
    assert!(db.security_lists.is_empty());
    let possible = &subject.widest.as_ref().unwrap().subnets[r#"oci_core_subnet.this["db"]"#].security_lists;
    assert!(possible.contains(&r#"oci_core_default_security_list.this["x"]"#.to_owned()), "{possible:?}");
    let web = r#"oci_core_network_security_group.this["web"]"#;
    assert_eq!((network.nsgs[web].len(), subject.widest.as_ref().unwrap().nsgs[web].len()), (0, 2));
    // The instances that may be in the NSGs are left out, and so are these.
    let (alone, why): (Vec<_>, Vec<_>) = unresolved(&subject).into_iter().partition(|one| one.contains(" vnics: "));
    assert!(!alone.is_empty() && alone.iter().all(|one| one.starts_with("oci_core_network_security_group.this[")));
    assert_eq!(why.len(), 4, "{why:#?}");
    // `this[each.value.table].id` may have a condition around it for all that
    // the plan says.
    for line in &why[2..] {
        assert!(line.ends_with(": a condition may leave it unset; its VCN's default route table is possible, too"));
    }
    assert_eq!(assumed(&subject).len(), 8, "{:#?}", assumed(&subject));
    assert!(why[0].starts_with("oci_core_instance.this[\"one\"] create_vnic_details[0].subnet_id: it is among"));
}

/// With the text of the modules, a list that is written out is certain, and no
/// other: not one from a variable, of a splat, or of an instance that is assumed.
#[test]
fn the_text_of_the_modules_makes_lists_certain() {
    for (name, without, with) in [("modules", 3, 0), ("foreign", 4, 0), ("each", 0, 0)] {
        let shown = Shown::parse(&fixture(name)).unwrap();
        let mut texts = Texts::default();
        for directory in shown.directories() {
            let path = format!("{}/tests/audit/stacks/{name}/{directory}/main.tf", env!("CARGO_MANIFEST_DIR"));
            texts.add(&directory, &std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"))).unwrap();
        }
        let (blind, seen) = (subject(name), shown.subject(&texts).unwrap());
        assert_eq!((as_named(&blind).len(), as_named(&seen).len()), (without, with), "{name}: {:#?}", as_named(&seen));
        // The text takes nothing away from what is certain.
        assert!(blind.network.groups.len() >= seen.network.groups.len(), "{name}");
    }
}

#[test]
fn terraform_says_the_same_as_opentofu() {
    assert_eq!(subject("each"), subject("each-terraform"));
}

#[test]
fn a_state_is_read_by_its_ids() {
    let subject = subject("state");
    let network = &subject.network;
    assert_eq!(network.vcns["oci_core_vcn.lab"].cidrs.len(), 2);
    assert_eq!(network.subnets["oci_core_subnet.closed"].security_lists, ["oci_core_default_security_list.lab"]);
    assert!(!network.subnets["oci_core_subnet.closed"].public_ips);
    assert_eq!(
        routes(&subject, "oci_core_subnet.closed"),
        [
            route("ObjectStorage", Target::ServiceGateway(Services::ObjectStorage), "oci_core_service_gateway.one"),
            route("0.0.0.0/0", Target::Other, "oci_core_nat_gateway.off"),
            route("172.16.0.0/12", Target::Other, "oci_core_local_peering_gateway.peer"),
            route("198.51.100.0/24", Target::InternetGateway, "ocid1.internetgateway.oc1.fra.elsewhere"),
        ]
    );
    // The attachment goes before the subnet's own table.
    assert_eq!(
        routes(&subject, "oci_core_subnet.open"),
        [route("0.0.0.0/0", Target::InternetGateway, "oci_core_internet_gateway.lab")]
    );
    assert_eq!(network.vcns["ocid1.vcn.oc1.fra.elsewhere"].cidrs, ["192.168.3.0/24".parse().unwrap()]);
    assert!(!network.subnets.contains_key("oci_core_subnet.gone"), "a deposed object");

    let default = &network.security_lists["oci_core_default_security_list.lab"];
    assert_eq!(default[0].peer, Peer::Services(Services::ObjectStorage));
    assert_eq!(default[0].traffic, Traffic::Tcp { source: Ports { min: 1024, max: 2048 }, destination: ALL });
    let ping = &network.nsgs["oci_core_network_security_group.app"][0];
    assert_eq!(ping.traffic, Traffic::Icmp { kind: Some(8), code: None });

    let shown: Vec<_> = network
        .groups
        .iter()
        .filter(|group| group.kind == GroupKind::Role)
        .map(|group| (&*group.name, group.public_ip))
        .collect();
    assert_eq!(
        shown,
        [
            ("oci_core_instance.web", false),
            ("oci_core_vnic_attachment.second", true),
            ("oci_example_thing.generic", false),
            ("oci_network_load_balancer_network_load_balancer.nlb", false),
        ]
    );
    assert_eq!(network.groups[0].addresses, ["10.0.1.7/32".parse().unwrap()]);
    let why = unresolved(&subject);
    assert_eq!(why.len(), 11, "{why:#?}");
    assert!(why.is_sorted());
}

#[test]
fn a_plan_of_a_part_keeps_what_stands() {
    let subject = subject("partial");
    let network = &subject.network;
    assert!(!network.subnets.contains_key("oci_core_subnet.deleted"));
    // Not a target of the plan, so that it is only in the prior state.
    assert_eq!(network.subnets["oci_core_subnet.untargeted"].vcn, "oci_core_vcn.old");
    // One list has an id, the other will have.
    assert_eq!(
        network.subnets["oci_core_subnet.new"].security_lists,
        ["oci_core_security_list.new", "oci_core_security_list.old"]
    );
    // In the plan's order, each with its own expression of the configuration's.
    assert_eq!(
        routes(&subject, "oci_core_subnet.new"),
        [
            route("10.9.0.0/16", Target::NatGateway, "oci_core_nat_gateway.old"),
            route("0.0.0.0/0", Target::InternetGateway, "oci_core_internet_gateway.new"),
            route("192.0.2.0/24", Target::NatGateway, "oci_core_nat_gateway.new"),
        ]
    );
    assert_eq!(network.subnets["oci_core_subnet.bare"].security_lists, ["oci_core_vcn.old.default_security_list_id"]);
    // A local may be any list's id.
    assert!(network.subnets["oci_core_subnet.fewer"].security_lists.is_empty());
    let possible = &subject.widest.as_ref().unwrap().subnets["oci_core_subnet.fewer"].security_lists;
    assert!(possible.contains(&"oci_core_security_list.new".to_owned()), "{possible:?}");
    let shared = &network.subnets["data.oci_core_subnet.shared"];
    assert_eq!(shared.vcn, "data.oci_core_vcn.shared");
    let why = unresolved(&subject);
    assert_eq!(why.len(), 4, "{why:#?}");
    assert!(why[3].contains("a condition may leave it unset"));
    assert!(why[2].contains("it depends on `local.some`") && why[2].ends_with("every security list here is possible"));
    assert!(why[0].contains("assumed to be empty") && why[1].contains("assumed to be as OCI makes it"), "{why:#?}");
}

/// The stack that cloudspells generates, in short, as a module of another.
fn generated(module: &str, pools: &[(&str, &str)]) -> serde_json::Value {
    let id = |what: &str| format!("ocid1.{what}.{module}");
    let tags = |kind: &str, name: &str, tier: &str| serde_json::json!({"managed-by": "cloudspells", "spell-type": kind, "spell-name": name, "tier": tier});
    let resource = |kind: &str, name: &str, values: serde_json::Value| {
        let address = format!("module.{module}.{kind}.{name}");
        serde_json::json!({"address": address, "type": kind, "name": name, "values": values})
    };
    let mut resources =
        vec![resource("oci_core_vcn", "lab", serde_json::json!({"id": id("vcn"), "cidr_block": "10.0.0.0/16"}))];
    for (at, tier) in ["public", "private"].into_iter().enumerate() {
        resources.push(resource(
            "oci_core_subnet",
            tier,
            serde_json::json!({"id": id(tier), "vcn_id": id("vcn"),
            "cidr_block": format!("10.0.{at}.0/24"), "freeform_tags": tags("vcn", "lab", tier),
            "prohibit_public_ip_on_vnic": tier == "private"}),
        ));
    }
    for role in ["api", "lb", "worker", "pod"] {
        resources.push(resource("oci_core_network_security_group", role, serde_json::json!({"id": id(role),
            "vcn_id": id("vcn"), "display_name": format!("k8s-{role}-nsg"), "freeform_tags": tags("oke-cluster", "k8s", "")})));
    }
    resources.push(resource(
        "oci_containerengine_cluster",
        "k8s",
        serde_json::json!({"id": id("cluster"),
        "freeform_tags": tags("oke-cluster", "k8s", ""),
        "endpoint_config": [{"subnet_id": id("public"), "nsg_ids": [id("api")], "is_public_ip_enabled": true}],
        "options": [{"service_lb_subnet_ids": [id("public")]}]}),
    ));
    for (name, subnet) in pools {
        resources.push(resource(
            "oci_containerengine_node_pool",
            name,
            serde_json::json!({"cluster_id": id("cluster"),
            "node_config_details": [{"nsg_ids": [id("worker")], "placement_configs": [{"subnet_id": id(subnet)}],
                "node_pool_pod_network_option_details": [{"cni_type": "OCI_VCN_IP_NATIVE",
                    "pod_nsg_ids": [id("pod")], "pod_subnet_ids": [id("private")]}]}]}),
        ));
    }
    serde_json::json!({"address": format!("module.{module}"), "resources": resources})
}

fn state_of(modules: &[serde_json::Value]) -> Subject {
    let state = serde_json::json!({"format_version": "1.0", "values": {"root_module": {"child_modules": modules}}});
    read(&state.to_string()).unwrap_or_else(|problem| panic!("{problem}"))
}

#[test]
fn our_own_stacks_have_the_names_of_their_specs() {
    let alone = state_of(&[generated("a", &[("one", "private"), ("two", "private")])]);
    assert_eq!(group_names(&alone), ["k8s.api", "k8s.lb", "k8s.worker", "k8s.pod", "lab.private", "lab.public"]);
    assert_eq!(alone.clusters[0].name, "k8s");
    assert_eq!(alone.clusters[0].pod_networking, PodNetworking::VcnNative);
    assert_eq!(alone.network.groups[1].nsgs, ["module.a.oci_core_network_security_group.lb"]);
    assert!(alone.network.groups[1].public_ip && !alone.network.groups[2].public_ip);
    assert!(alone.unknowns.is_empty(), "{:#?}", alone.unknowns);

    let twice = state_of(&[generated("a", &[]), generated("b", &[("one", "private"), ("two", "public")])]);
    assert_eq!(
        group_names(&twice),
        [
            "module.a.k8s.api",
            "module.a.k8s.lb",
            "module.b.k8s.api",
            "module.b.k8s.lb",
            "module.b.k8s.worker in module.b.lab.private",
            "module.b.k8s.worker in module.b.lab.public",
            "module.b.k8s.pod",
            "module.a.lab.private",
            "module.a.lab.public",
            "module.b.lab.private",
            "module.b.lab.public",
        ]
    );
    assert_eq!(twice.clusters[1].name, "module.b.k8s");
    let of = |role| twice.clusters[1].of(role);
    assert_eq!((of(&roles::WORKER), of(&roles::POD)), (&[4, 5][..], &[6][..]));
}
