//! Names what says something about the network in a way that is not read: types
//! that the table of arguments does not have, public addresses that no VNIC
//! here is seen to have, resources that are not whole.

use crate::audit::coverage::rows;
use crate::audit::document::block::Attribute;
use crate::audit::document::inventory::{Instance, Inventory};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::Reader;
use crate::audit::references::resolve::Single;
use crate::prove::{Concerns, May, Unknown};
use serde_json::Value;
use std::collections::BTreeSet;

/// What guards and routes: who names it may change it.
const GUARDS: [Want; 4] = [Want::SecurityList, Want::Nsg, Want::RouteTable, Want::Gateway];

/// Prefixes of types that only hold values, or that keep what they are told
/// outside of networks.
const HOLDERS: [&str; 9] = [
    "local_",
    "random_",
    "time_",
    "tls_",
    "oci_identity_",
    "oci_logging_",
    "oci_monitoring_",
    "oci_objectstorage_",
    "oci_containerengine_",
];

/// Data sources that show rules and routes, as they are in OCI.
const SHOWING: [&str; 5] = [
    "oci_core_network_security_group_security_rules",
    "oci_core_security_list",
    "oci_core_security_lists",
    "oci_core_route_table",
    "oci_core_route_tables",
];

/// The most things that one line names.
const MOST_NAMED: usize = 3;

pub fn read(reader: &mut Reader<'_, '_>) {
    let inventory = &reader.resolver.inventory;
    let mut found: Vec<(&str, &str, String, May)> = Vec::new();
    for address in &inventory.unread {
        found.push((address, "values", "it is not whole here, and is left out".to_owned(), May::Either));
    }
    for instance in &inventory.instances {
        if instance.is_data {
            if SHOWING.contains(&instance.kind) {
                let named = named(reader, instance);
                if !named.is_empty() {
                    let why = format!("what it shows of {} is not compared with what is here", few(named));
                    found.push((instance.address, "id", why, May::Either));
                }
            }
            if let Some(address) = public_address(instance) {
                let why = format!("{address} is public; which VNIC here has it, if any, is not said");
                found.push((instance.address, "ip_address", why, May::Open));
            }
            continue;
        }
        let is_vnics = instance.text("assigned_entity_type") != Some("NAT_GATEWAY");
        if instance.kind == "oci_core_public_ip"
            && instance.text("private_ip_id").is_none()
            && let Some(entity) = instance.text("assigned_entity_id").filter(|_| is_vnics)
        {
            let why = format!("it is the public address of {entity}, which is not read");
            found.push((instance.address, "assigned_entity_id", why, May::Open));
        }
        let is_known = !rows(instance.kind).is_empty() || Want::EVERY.iter().any(|want| want.fits(instance.kind));
        if is_known || HOLDERS.iter().any(|prefix| instance.kind.starts_with(prefix)) {
            continue;
        }
        let named = named(reader, instance);
        if !named.is_empty() {
            let why = format!("what this type of resource does to {} is not known", few(named));
            found.push((instance.address, "id", why, May::Either));
        }
    }
    for (address, attribute, why, may) in found {
        let (address, attribute) = (address.to_owned(), attribute.to_owned());
        reader.record(Unknown { address, attribute, why, may, concerns: Concerns::Everything, is_as_named: false });
    }
}

fn few(names: BTreeSet<String>) -> String {
    let more = names.len().saturating_sub(MOST_NAMED);
    let mut shown: Vec<_> = names.into_iter().take(MOST_NAMED).collect();
    if more > 0 {
        shown.push(format!("{more} more"));
    }
    shown.join(", ")
}

fn text<'a>(values: &'a Value, name: &str) -> Option<&'a str> {
    values.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The public address that a data source shows of what already exists.
fn public_address<'a>(data: &Instance<'a>) -> Option<&'a str> {
    match data.kind {
        "oci_core_vnic" => data.text("public_ip_address"),
        "oci_core_public_ip" if data.text("assigned_entity_type") != Some("NAT_GATEWAY") => {
            data.text("assigned_entity_id").or(data.text("private_ip_id")).and(data.text("ip_address"))
        }
        "oci_core_public_ips" => {
            let all = data.values.get("public_ips").and_then(Value::as_array)?;
            let is_vnics = |one: &&Value| {
                text(one, "assigned_entity_id").or(text(one, "private_ip_id")).is_some()
                    && text(one, "assigned_entity_type") != Some("NAT_GATEWAY")
            };
            all.iter().find(is_vnics).and_then(|one| text(one, "ip_address"))
        }
        _ => None,
    }
}

/// The guards that a resource names, by their ids or by reference.
fn named(reader: &Reader<'_, '_>, instance: &Instance<'_>) -> BTreeSet<String> {
    let resolver = reader.resolver;
    let mut things = BTreeSet::new();
    let block = resolver.block(instance);
    // Beside a subnet, NSGs are those of VNICs, which are read.
    let is_placed = has_subnet(instance.values) || block.configured().iter().any(|name| name.contains("subnet"));
    let is_read = |name: &str| is_placed && MEMBERS.contains(&name);
    by_id(&resolver.inventory, instance.values, &is_read, &mut things);
    let configured = block.configured().into_iter().filter(|name| !is_read(name));
    for (name, want) in configured.flat_map(|name| GUARDS.map(|want| (name, want))) {
        // What is in a list, a map or a nested block is not known by itself.
        if block.get(name) != Attribute::Unknown && !instance.awaits_part(name) {
            continue;
        }
        match resolver.one_by_reference(&block, name, want) {
            Single::Certain(thing) => {
                things.insert(thing);
            }
            Single::Among { things: some, is_all: true, .. } => things.extend(some),
            Single::Absent | Single::Among { .. } | Single::Unresolved(_) => {}
        }
    }
    things.into_iter().map(|thing| format!("`{}`", resolver.address(thing))).collect()
}

/// The attributes with the NSGs of VNICs.
const MEMBERS: [&str; 3] = ["nsg_ids", "network_security_group_ids", "nsg_id"];

// The recursions are bounded by the JSON parser's limit on depth.
fn has_subnet(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.iter().any(has_subnet),
        Value::Object(map) => map.iter().any(|(name, value)| name.contains("subnet") || has_subnet(value)),
        _ => false,
    }
}

fn by_id(inventory: &Inventory<'_>, value: &Value, is_read: &dyn Fn(&str) -> bool, things: &mut BTreeSet<Thing>) {
    match value {
        Value::String(text) => {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            let words = text.split(|c| !is_part(c)).filter(|word| !word.is_empty());
            let is_guard = |thing: &Thing| match thing {
                Thing::Instance(at) => {
                    inventory.instance(*at).is_some_and(|one| GUARDS.iter().any(|want| want.fits(one.kind)))
                }
                Thing::DefaultList(_) | Thing::DefaultTable(_) => true,
            };
            things.extend(words.filter_map(|word| inventory.by_id(word)).filter(is_guard));
        }
        Value::Array(list) => list.iter().for_each(|one| by_id(inventory, one, is_read, things)),
        Value::Object(map) => {
            let unread = map.iter().filter(|(name, _)| !is_read(name));
            unread.for_each(|(_, value)| by_id(inventory, value, is_read, things));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
