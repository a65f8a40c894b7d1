//! Network load balancers that keep their clients' addresses, in audits: what
//! they forward, to whom, and what is said where that is not known.

use cloudspells::audit::{Subject, read};
use cloudspells::prove::network::Endpoint;
use cloudspells::prove::{AnswerResult, Certainty, Engine, May, Report, answer, ask};
use serde_json::{Value, json};

const BALANCER: &str = "oci_network_load_balancer_network_load_balancer";
const SET: &str = "oci_network_load_balancer_backend_set";
const LISTENER: &str = "oci_network_load_balancer_listener";
const BACKEND: &str = "oci_network_load_balancer_backend";

type Resource = (&'static str, &'static str, Value);

/// A server behind a NAT Gateway, whose list admits TCP from everywhere, and a
/// network load balancer in a public subnet that forwards to its port 8080.
fn stack() -> Vec<Resource> {
    let route = |gateway: &str| json!({"vcn_id": "v", "route_rules": [{"destination": "0.0.0.0/0", "network_entity_id": gateway}]});
    let list = json!({"vcn_id": "v", "egress_security_rules": [],
        "ingress_security_rules": [{"protocol": "6", "source": "0.0.0.0/0"}]});
    let subnet = |cidr: &str, table: &str, is_private: bool| {
        json!({"vcn_id": "v", "cidr_block": cidr, "route_table_id": table, "security_list_ids": ["list"],
            "prohibit_public_ip_on_vnic": is_private})
    };
    let of = |more: Value| {
        let mut values = json!({"network_load_balancer_id": "nlb"});
        values.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        values
    };
    vec![
        ("oci_core_vcn", "v", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        ("oci_core_internet_gateway", "igw", json!({"vcn_id": "v", "enabled": true})),
        ("oci_core_nat_gateway", "nat", json!({"vcn_id": "v"})),
        ("oci_core_route_table", "out", route("igw")),
        ("oci_core_route_table", "hidden", route("nat")),
        ("oci_core_security_list", "list", list),
        ("oci_core_subnet", "public", subnet("10.0.0.0/24", "out", false)),
        ("oci_core_subnet", "private", subnet("10.0.1.0/24", "hidden", true)),
        (
            "oci_core_instance",
            "web",
            json!({"create_vnic_details": [{"subnet_id": "private", "assign_public_ip": "false"}]}),
        ),
        (BALANCER, "nlb", json!({"subnet_id": "public", "is_private": false})),
        (SET, "set", of(json!({"name": "apps", "is_preserve_source": true}))),
        (LISTENER, "https", of(json!({"default_backend_set_name": "apps", "port": 443, "protocol": "TCP"}))),
        (BACKEND, "one", of(json!({"backend_set_name": "apps", "port": 8080, "target_id": "web"}))),
    ]
}

fn with(change: impl Fn(&str, &mut Value)) -> Vec<Resource> {
    let mut all = stack();
    all.iter_mut().for_each(|(kind, _, values)| change(kind, values));
    all
}

fn state(resources: &[Resource]) -> Subject {
    let resource = |(kind, name, values): &Resource| {
        let mut values = values.clone();
        values["id"] = json!(name);
        json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
    };
    let resources: Vec<_> = resources.iter().map(resource).collect();
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string();
    read(&state).unwrap_or_else(|problem| panic!("{problem}"))
}

/// Whether the internet reaches a port of the server.
fn reaches(subject: &Subject, port: &str) -> AnswerResult {
    let model = subject.clone().into_model();
    let engine = Engine::new(&model.network);
    let widest = model.widest.as_ref().map(Engine::new);
    let asked = ask(&model, &engine, "internet", &format!("oci_core_instance.web:{port}"))
        .unwrap_or_else(|_| panic!("a question"));
    answer(&model, &engine, widest.as_ref(), &asked).result
}

fn says(subject: &Subject, attribute: &str, may: May) -> bool {
    subject.unknowns.iter().any(|one| one.attribute == attribute && one.may == may)
}

#[test]
fn what_it_forwards_reaches_a_server_behind_a_nat_gateway() {
    use AnswerResult::*;
    let subject = state(&stack());
    assert_eq!(subject.unknowns, [], "nothing about it is unknown");
    assert_eq!(reaches(&subject, "8080"), Allowed);
    assert_eq!((reaches(&subject, "443"), reaches(&subject, "8080/udp")), (Blocked, Blocked));
    let report = Report::new(&subject.clone().into_model());
    let exposed =
        |line: &&cloudspells::prove::ExposureLine| line.to == ["oci_core_instance.web"] && line.from == ["internet"];
    let line = report.exposures.iter().find(exposed).expect("it is exposed");
    assert_eq!((line.traffic.as_str(), line.certainty), ("TCP 8080", Certainty::Certain));
    // Others in its subnet are none of its backends.
    let at = subject.network.groups.iter().position(|group| group.name == "oci_core_subnet.private").unwrap();
    assert!(Engine::new(&subject.network).reach(Endpoint::Internet, Endpoint::Group(at)).regions.is_empty());
}

#[test]
fn what_it_does_not_forward_with_its_clients_addresses_changes_nothing() {
    let blocked = |change: &dyn Fn(&str, &mut Value)| {
        let subject = state(&with(change));
        assert_eq!(reaches(&subject, "8080"), AnswerResult::Blocked, "{:#?}", subject.unknowns);
    };
    blocked(&|kind, values| {
        if kind == SET {
            values["is_preserve_source"] = json!(false);
        }
    });
    blocked(&|kind, values| {
        if kind == BALANCER {
            values["is_private"] = json!(true);
        }
    });
    blocked(&|kind, values| {
        if kind == LISTENER {
            values["protocol"] = json!("UDP");
        }
    });
    // By a classic load balancer of a public subnet nothing is forwarded.
    let mut pool = stack();
    pool.retain(|(kind, ..)| ![BACKEND, "oci_core_instance"].contains(kind));
    let configuration = json!({"instance_details": [{"launch_details": [
        {"create_vnic_details": [{"subnet_id": "private", "assign_public_ip": false}]}]}]});
    pool.push(("oci_core_instance_configuration", "configuration", configuration));
    pool.push(("oci_load_balancer_load_balancer", "lb", json!({"subnet_ids": ["public"]})));
    let of_pool = |balancer: &str| {
        let mut all = pool.clone();
        let balancers = json!([{"load_balancer_id": balancer, "backend_set_name": "apps", "port": 8080}]);
        let values = json!({"instance_configuration_id": "configuration", "load_balancers": balancers,
            "placement_configurations": [{"primary_subnet_id": "private"}]});
        all.push(("oci_core_instance_pool", "web", values));
        let subject = state(&all);
        let at = subject.network.groups.iter().position(|group| group.name == "oci_core_instance_pool.web").unwrap();
        let reach = Engine::new(&subject.network).reach(Endpoint::Internet, Endpoint::Group(at));
        !reach.regions.is_empty()
    };
    assert!(!of_pool("lb"));
    assert!(of_pool("nlb"), "a network load balancer forwards to a pool, too");
}

#[test]
fn what_is_not_known_of_it_is_said() {
    use AnswerResult::*;
    // Which instance it forwards to.
    let elsewhere = state(&with(|kind, values| {
        if kind == BACKEND {
            values["target_id"] = json!("ocid1.instance.oc1..elsewhere");
        }
    }));
    assert!(says(&elsewhere, "target_id", May::Open), "{:#?}", elsewhere.unknowns);
    assert_eq!(reaches(&elsewhere, "8080"), Unknown);
    let by_address = state(&with(|kind, values| {
        if kind == BACKEND {
            values.as_object_mut().unwrap().remove("target_id");
            values["ip_address"] = json!("10.0.1.7");
        }
    }));
    assert!(says(&by_address, "target_id", May::Open), "{:#?}", by_address.unknowns);
    // Whether something listens, and whether it keeps addresses.
    for missing in [LISTENER, SET] {
        let mut part = stack();
        part.retain(|(kind, ..)| *kind != missing);
        let part = state(&part);
        assert!(says(&part, "target_id", May::Nothing), "{missing}: {:#?}", part.unknowns);
        assert_eq!(reaches(&part, "8080"), Unknown, "{missing}");
    }
}
