//! What `tofu show -json` says of a stack: its plan, and its state once it is
//! applied. After the plans in `tests/audit`, which are the tools' own.

use super::dice::Dice;
use super::expression::{Key, shown, value};
use super::stack::{Block, Body, Here, MODULES, Nested, Node, Repeat, Stack, ocid};
use super::world::{Fact, Facts, Things, services};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Attributes that the provider sets where nobody does, by the block that they
/// are in.
fn computed(block: &str) -> &'static [&'static str] {
    match block {
        "oci_core_vcn" => &["id", "cidr_block", "default_security_list_id", "default_route_table_id"],
        "oci_core_subnet" => &[
            "id",
            "route_table_id",
            "security_list_ids",
            "prohibit_public_ip_on_vnic",
            "prohibit_internet_ingress",
            "ipv4cidr_blocks",
        ],
        "oci_core_nat_gateway" => &["id", "block_traffic", "route_table_id"],
        "oci_core_internet_gateway" | "oci_core_service_gateway" => &["id", "route_table_id"],
        "oci_core_local_peering_gateway" => &["id", "peer_id", "route_table_id"],
        "oci_core_drg_attachment" => &["id", "vcn_id", "network_details", "drg_route_table_id"],
        "oci_core_network_security_group_security_rule" => {
            &["id", "source", "destination", "source_type", "destination_type", "stateless"]
        }
        "oci_core_instance" => &["id", "subnet_id", "public_ip", "private_ip"],
        "oci_network_load_balancer_network_load_balancer" => &["id", "is_private", "is_preserve_source_destination"],
        "oci_network_load_balancer_backend_set" => &["id", "is_preserve_source"],
        "oci_network_load_balancer_backend" => &["id", "target_id", "ip_address"],
        "create_vnic_details" => &["subnet_id", "nsg_ids", "private_ip"],
        "route_rules" => &["cidr_block", "destination_type", "description"],
        "ingress_security_rules" => &["source_type", "description"],
        "egress_security_rules" => &["destination_type", "stateless", "description"],
        _ => &["id"],
    }
}

/// Blocks that are there, if empty, where nobody writes one.
fn empty(block: &str) -> &'static [&'static str] {
    match block {
        "oci_core_route_table" | "oci_core_default_route_table" => &["route_rules"],
        "oci_core_security_list" | "oci_core_default_security_list" => {
            &["ingress_security_rules", "egress_security_rules"]
        }
        "ingress_security_rules" | "egress_security_rules" | "oci_core_network_security_group_security_rule" => {
            &["tcp_options", "udp_options", "icmp_options"]
        }
        "tcp_options" => &["source_port_range"],
        _ => &[],
    }
}

/// Values, and what of them is not known.
type Half = (Map<String, Value>, Map<String, Value>);

/// A body as an instance has it before the apply.
fn planned(body: &Body, name: &str, here: &Here<'_>, dice: Dice) -> Half {
    let (mut values, mut unknown) = Half::default();
    let wait = |values: &mut Map<_, _>, unknown: &mut Map<String, Value>, name: &str| {
        values.remove(name);
        unknown.insert(name.to_owned(), json!(true));
    };
    for name in computed(name) {
        unknown.insert((*name).to_owned(), json!(true));
    }
    for name in empty(name) {
        values.insert((*name).to_owned(), json!([]));
        unknown.insert((*name).to_owned(), json!([]));
    }
    for (attribute, node) in body {
        match node {
            Node::Unknown => wait(&mut values, &mut unknown, attribute),
            Node::Expr(expr) => match value(expr, here).whole() {
                None => wait(&mut values, &mut unknown, attribute),
                Some(Value::Null) if computed(name).contains(attribute) => {}
                Some(known) => {
                    unknown.remove(*attribute);
                    values.insert((*attribute).to_owned(), known);
                }
            },
            Node::Blocks(all) => {
                let own = all.iter().filter(|one| one.only.is_none() || one.only.as_ref() == here.key);
                let mut own: Vec<_> = own.map(|one| planned(&one.body, attribute, here, dice)).enumerate().collect();
                // A set has an order of its own.
                own.sort_by_key(|(at, _)| dice.of(&format!("order of {attribute} {at} {:?}", here.key), 1000));
                let (some, more): (Vec<_>, Vec<_>) = own.into_iter().map(|(_, half)| half).unzip();
                values.insert((*attribute).to_owned(), json!(some));
                unknown.insert((*attribute).to_owned(), json!(more));
            }
        }
    }
    if name == "oci_core_internet_gateway" {
        values.entry("enabled").or_insert(json!(true));
    }
    if name == "ingress_security_rules" && !unknown.contains_key("stateless") {
        values.entry("stateless").or_insert(json!(false));
    }
    // The provider leaves an unset range of UDP open in an NSG's rule.
    if name == "udp_options" && body.iter().any(|(name, _)| *name == "destination_port_range") {
        for range in ["source_port_range", "destination_port_range"] {
            if !values.contains_key(range) {
                unknown.insert(range.to_owned(), json!(true));
            }
        }
    }
    (values, unknown)
}

/// A thing as it is once it exists.
pub fn existing(name: &str, things: &Things) -> Map<String, Value> {
    let thing = &things[name];
    let mut values = settled(&thing.facts, thing.kind);
    let own = |attribute: &'static str| json!(ocid(&(name.to_owned(), attribute)));
    values.insert("id".to_owned(), own("id"));
    match thing.kind {
        "oci_core_vcn" => {
            for attribute in ["default_security_list_id", "default_route_table_id"] {
                values.insert(attribute.to_owned(), own(attribute));
            }
        }
        "oci_core_subnet" => {
            let vcn = thing.facts.iter().find_map(|(name, fact)| match fact {
                Fact::Id((vcn, _)) if *name == "vcn_id" => Some(vcn.clone()),
                _ => None,
            });
            let vcn = vcn.expect("a subnet is in a VCN");
            let of_vcn = |attribute| json!(ocid(&(vcn.clone(), attribute)));
            values.entry("route_table_id").or_insert_with(|| of_vcn("default_route_table_id"));
            values.entry("security_list_ids").or_insert_with(|| json!([of_vcn("default_security_list_id")]));
        }
        _ => {}
    }
    values
}

fn settled(facts: &Facts, name: &str) -> Map<String, Value> {
    let mut values = Map::new();
    for name in empty(name) {
        values.insert((*name).to_owned(), json!([]));
    }
    if name.ends_with("_security_rules") || name.ends_with("_security_rule") {
        values.insert("stateless".to_owned(), json!(false));
        let is = |end: &str| facts.iter().any(|(name, _)| *name == end);
        for (end, kind) in [("source", "source_type"), ("destination", "destination_type")] {
            if is(end) {
                values.insert(kind.to_owned(), json!("CIDR_BLOCK"));
            }
        }
    }
    for (name, fact) in facts {
        let value = match fact {
            Fact::Value(value) => value.clone(),
            Fact::Id(target) => json!(ocid(target)),
            Fact::Ids(targets) => json!(targets.iter().map(ocid).collect::<Vec<_>>()),
            Fact::Blocks(all) => json!(all.iter().map(|facts| settled(facts, name)).collect::<Vec<_>>()),
        };
        values.insert((*name).to_owned(), value);
    }
    values
}

fn address(stack: &Stack, block: &Block, key: Option<&Key>) -> String {
    let own = format!("{}.{}{}", block.kind, block.name, key.map(Key::index).unwrap_or_default());
    if block.module.is_empty() { own } else { format!("{}.{own}", module_address(stack, block.module)) }
}

fn module_address(stack: &Stack, module: &str) -> String {
    format!("module.{module}{}", stack.module_keys.get(module).map(Key::index).unwrap_or_default())
}

/// The address of each thing.
pub fn addresses(stack: &Stack) -> BTreeMap<String, String> {
    let of = |block: &Block| {
        let each = block.things.iter().map(|(key, thing)| (thing.clone(), address(stack, block, key.as_ref())));
        each.collect::<Vec<_>>()
    };
    stack.blocks.iter().flat_map(of).collect()
}

fn resource(block: &Block, key: Option<&Key>, address: &str, values: Map<String, Value>) -> Value {
    let mut all = json!({"address": address, "mode": "managed", "type": block.kind, "name": block.name,
        "provider_name": "registry.opentofu.org/oracle/oci", "schema_version": 0, "values": values});
    if let Some(key) = key {
        all["index"] = key.value();
    }
    all
}

fn data() -> Value {
    json!({"address": "data.oci_core_services.all", "mode": "data", "type": "oci_core_services", "name": "all",
        "provider_name": "registry.opentofu.org/oracle/oci", "values": {"services": services()}})
}

/// Resources by module, as `planned_values` and `values` have them.
fn tree(stack: &Stack, mut of: BTreeMap<&'static str, Vec<Value>>) -> Value {
    let root = of.remove("").unwrap_or_default();
    let child = |(module, resources): (&str, Vec<Value>)| json!({"address": module_address(stack, module), "resources": resources});
    json!({"root_module": {"resources": root, "child_modules": of.into_iter().map(child).collect::<Vec<_>>()}})
}

/// The state after the apply.
pub fn state(stack: &Stack) -> Value {
    let mut all = BTreeMap::<_, Vec<Value>>::new();
    for block in &stack.blocks {
        for (key, thing) in &block.things {
            let address = address(stack, block, key.as_ref());
            let values = existing(thing, &stack.things);
            all.entry(block.module).or_default().push(resource(block, key.as_ref(), &address, values));
        }
    }
    all.entry("").or_default().push(data());
    json!({"format_version": "1.0", "terraform_version": "1.12.6", "values": tree(stack, all)})
}

/// The plan.
pub fn plan(stack: &Stack, dice: Dice) -> Value {
    let (mut after, mut before) = (BTreeMap::<_, Vec<Value>>::new(), BTreeMap::<_, Vec<Value>>::new());
    let mut changes = Vec::new();
    for block in &stack.blocks {
        for (key, thing) in &block.things {
            let address = address(stack, block, key.as_ref());
            let exists = stack.exists.contains(thing);
            let here = Here { stack, module: block.module, key: key.as_ref(), repeat: block.repeat.as_ref() };
            let (values, unknown) = match exists {
                true => (existing(thing, &stack.things), Map::new()),
                false => planned(&block.body, block.kind, &here, dice),
            };
            let made = resource(block, key.as_ref(), &address, values);
            if exists {
                before.entry(block.module).or_default().push(made.clone());
            }
            let actions = if exists { json!(["no-op"]) } else { json!(["create"]) };
            let old = if exists { made["values"].clone() } else { Value::Null };
            changes.push(json!({"address": address, "mode": "managed", "type": block.kind, "name": block.name,
                "change": {"actions": actions, "before": old, "after": made["values"], "after_unknown": unknown}}));
            after.entry(block.module).or_default().push(made);
        }
    }
    before.entry("").or_default().push(data());
    let mut root = module(stack, "");
    let calls: Map<String, Value> = MODULES[1..].iter().map(|name| ((*name).to_owned(), call(stack, name))).collect();
    root["module_calls"] = Value::Object(calls);
    if root.to_string().contains("terraform_data.later") {
        let later = json!({"address": "terraform_data.later", "mode": "managed", "type": "terraform_data", "name": "later",
            "provider_name": "terraform.io/builtin/terraform", "values": {"input": null, "triggers_replace": null}});
        changes.push(json!({"address": "terraform_data.later", "mode": "managed", "type": "terraform_data",
            "name": "later", "change": {"actions": ["create"], "after_unknown": {"id": true, "output": true}}}));
        after.entry("").or_default().push(later);
        let resources = root["resources"].as_array_mut().expect("a list");
        resources.push(json!({"address": "terraform_data.later", "mode": "managed", "type": "terraform_data",
            "name": "later", "expressions": {}}));
    }
    let variables: Map<String, Value> =
        stack.variables.iter().map(|(name, value)| (name.clone(), json!({ "value": value }))).collect();
    json!({"format_version": "1.2", "terraform_version": "1.12.6", "variables": variables,
        "planned_values": tree(stack, after), "resource_changes": changes,
        "prior_state": {"format_version": "1.0", "values": tree(stack, before)},
        "configuration": {"root_module": root}, "errored": false})
}

fn call(stack: &Stack, name: &'static str) -> Value {
    let arguments = stack.arguments.iter().filter(|((module, _), _)| *module == name);
    let expressions: Map<String, Value> = arguments.map(|((_, name), expr)| (name.clone(), shown(expr))).collect();
    let mut all = json!({"source": format!("./{name}"), "expressions": expressions, "module": module(stack, name)});
    match stack.module_keys.get(name) {
        Some(Key::Number(_)) => all["count_expression"] = json!({"constant_value": 1}),
        Some(Key::Text(key)) => all["for_each_expression"] = json!({"constant_value": [key]}),
        None => {}
    }
    all
}

/// A module of the configuration.
fn module(stack: &Stack, name: &'static str) -> Value {
    let blocks = stack.blocks.iter().filter(|block| block.module == name);
    let resources: Vec<_> = blocks.map(block).collect();
    let outputs = stack.outputs.iter().filter(|((module, _), _)| *module == name);
    let outputs: Map<String, Value> =
        outputs.map(|((_, name), expr)| (name.clone(), json!({ "expression": shown(expr) }))).collect();
    let variables: Map<String, Value> = match name {
        "" => stack.variables.keys().map(|name| (name.clone(), json!({}))).collect(),
        _ => {
            let own = stack.arguments.keys().filter(|(module, _)| *module == name);
            own.map(|(_, name)| (name.clone(), json!({"required": true}))).collect()
        }
    };
    json!({"resources": resources, "outputs": outputs, "variables": variables})
}

fn block(block: &Block) -> Value {
    let mut all = json!({"address": format!("{}.{}", block.kind, block.name), "mode": "managed", "type": block.kind,
        "name": block.name, "provider_config_key": "oci", "expressions": body(&block.body), "schema_version": 0});
    match &block.repeat {
        Some(Repeat::ForEach(expr)) => all["for_each_expression"] = shown(expr),
        Some(Repeat::Count(expr)) => all["count_expression"] = shown(expr),
        None => {}
    }
    all
}

/// The expressions of a body: those of `dynamic` blocks are left out.
fn body(all: &Body) -> Value {
    let mut expressions = Map::new();
    for (name, node) in all {
        match node {
            Node::Unknown => {}
            Node::Expr(expr) => _ = expressions.insert((*name).to_owned(), shown(expr)),
            Node::Blocks(blocks) => {
                let seen: Vec<_> =
                    blocks.iter().filter(|one| !one.is_dynamic).map(|one: &Nested| body(&one.body)).collect();
                if !seen.is_empty() {
                    expressions.insert((*name).to_owned(), json!(seen));
                }
            }
        }
    }
    Value::Object(expressions)
}
