//! What `tofu show -json` prints of a large state.

use serde_json::{Value, json};

/// NSGs of each stack, and rules of each NSG.
const NSGS: usize = 4;
const RULES: usize = 25;

/// As many security rules as there are in so many stacks.
pub const fn rules(stacks: usize) -> usize {
    stacks * NSGS * RULES
}

/// Public subnets, each with four instances in NSGs that refer to one another;
/// in a VCN each, or all in one.
pub fn state(stacks: usize, one_vcn: bool) -> String {
    let resources: Vec<Value> = (0..stacks).flat_map(|index| stack(index, one_vcn)).collect();
    json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}}).to_string()
}

fn id_of_first_vcn() -> String {
    "ocid1.oci_core_vcn.oc1..0-s0_net".to_owned()
}

fn stack(stack: usize, one_vcn: bool) -> Vec<Value> {
    let id = |kind: &str, name: &str| format!("ocid1.{kind}.oc1..{stack}-{name}");
    let resource = |kind: &str, name: &str, mut values: Value| {
        let name = format!("s{stack}_{name}");
        values["id"] = json!(id(kind, name.as_str()));
        json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "values": values})
    };
    let reference = |kind: &str, name: &str| id(kind, &format!("s{stack}_{name}"));
    let vcn = if one_vcn { id_of_first_vcn() } else { reference("oci_core_vcn", "net") };
    let nsg = |index: usize| reference("oci_core_network_security_group", &format!("nsg{index}"));
    let route = json!({"destination": "0.0.0.0/0", "destination_type": "CIDR_BLOCK",
        "network_entity_id": reference("oci_core_internet_gateway", "igw")});
    let mut resources = vec![
        resource("oci_core_vcn", "net", json!({"cidr_blocks": ["10.0.0.0/16"]})),
        resource("oci_core_internet_gateway", "igw", json!({"vcn_id": vcn, "enabled": true})),
        resource("oci_core_route_table", "rt", json!({"vcn_id": vcn, "route_rules": [route]})),
        resource(
            "oci_core_security_list",
            "sl",
            json!({"vcn_id": vcn, "ingress_security_rules": [],
            "egress_security_rules": [{"protocol": "all", "destination": "0.0.0.0/0"}]}),
        ),
        resource(
            "oci_core_subnet",
            "sn",
            json!({"vcn_id": vcn, "cidr_block": format!("10.0.{stack}.0/24"),
            "route_table_id": reference("oci_core_route_table", "rt"),
            "security_list_ids": [reference("oci_core_security_list", "sl")],
            "prohibit_public_ip_on_vnic": false}),
        ),
    ];
    for index in 0..NSGS {
        let details = json!([{"subnet_id": reference("oci_core_subnet", "sn"), "nsg_ids": [nsg(index)]}]);
        resources.push(resource("oci_core_network_security_group", &format!("nsg{index}"), json!({"vcn_id": vcn})));
        resources.push(resource("oci_core_instance", &format!("vm{index}"), json!({"create_vnic_details": details})));
        for rule in 0..RULES {
            let port = 1000 + rule;
            let (source, source_type) = match rule % 2 {
                0 => (nsg((index + rule) % NSGS), "NETWORK_SECURITY_GROUP"),
                _ => (format!("10.0.{stack}.{}/32", rule + 3), "CIDR_BLOCK"),
            };
            let values = json!({"network_security_group_id": nsg(index), "direction": "INGRESS", "protocol": "6",
                "source": source, "source_type": source_type,
                "tcp_options": [{"destination_port_range": [{"min": port, "max": port}]}]});
            let name = format!("nsg{index}_rule{rule}");
            resources.push(resource("oci_core_network_security_group_security_rule", &name, values));
        }
    }
    resources
}

/// A list of so many rules each way, stateless and stateful, each for addresses,
/// ports and source ports of its own.
pub fn crowded(rules: u32) -> String {
    let rule = |index: u32, is_ingress: bool| {
        // Any numbers do that are spread out and the same each time.
        let mixed = index.wrapping_mul(2_654_435_761).rotate_left(if is_ingress { 7 } else { 19 });
        let (port, source) = (1 + mixed % 60_000, 1 + (mixed >> 3) % 60_000);
        let cidr = match index % 3 {
            0 => "0.0.0.0/0".to_owned(),
            1 => format!("10.0.0.{}/32", mixed % 256),
            _ => format!("{}.{}.0.0/16", 11 + mixed % 80, mixed % 251),
        };
        let (peer, kind) = if is_ingress { ("source", "source_type") } else { ("destination", "destination_type") };
        let ports = json!([{ "min": port, "max": port + mixed % 3_000,
            "source_port_range": [{ "min": source, "max": source + mixed % 2_000 }] }]);
        let (protocol, options) = [("6", "tcp_options"), ("17", "udp_options")][index as usize % 2];
        json!({ "protocol": protocol, "stateless": index % 4 < 2,
            peer: cidr, kind: "CIDR_BLOCK", options: ports })
    };
    let resource = |kind: &str, mut values: Value| {
        values["id"] = json!(format!("ocid1.{kind}.oc1..a"));
        json!({ "address": format!("{kind}.a"), "mode": "managed", "type": kind, "name": "a", "values": values })
    };
    let id = |kind: &str| format!("ocid1.{kind}.oc1..a");
    let of = |is_ingress| (0..rules).map(|index| rule(index, is_ingress)).collect::<Vec<_>>();
    let route = json!({ "destination": "0.0.0.0/0", "destination_type": "CIDR_BLOCK",
        "network_entity_id": id("oci_core_internet_gateway") });
    let resources = [
        resource("oci_core_vcn", json!({ "cidr_blocks": ["10.0.0.0/16"] })),
        resource("oci_core_internet_gateway", json!({ "vcn_id": id("oci_core_vcn"), "enabled": true })),
        resource("oci_core_route_table", json!({ "vcn_id": id("oci_core_vcn"), "route_rules": [route] })),
        resource(
            "oci_core_security_list",
            json!({ "vcn_id": id("oci_core_vcn"),
            "ingress_security_rules": of(true), "egress_security_rules": of(false) }),
        ),
        resource(
            "oci_core_subnet",
            json!({ "vcn_id": id("oci_core_vcn"), "cidr_block": "10.0.0.0/24",
            "route_table_id": id("oci_core_route_table"), "security_list_ids": [id("oci_core_security_list")],
            "prohibit_public_ip_on_vnic": false }),
        ),
    ];
    json!({ "format_version": "1.0", "values": { "root_module": { "resources": resources } } }).to_string()
}
