//! Names whatever the table of arguments says is not modelled, each time that
//! it is set. Knows no argument.

use crate::audit::coverage::{Treatment, rows, why};
use crate::audit::document::block::{Attribute, Block, Blocks};
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::Thing;
use crate::audit::references::reader::Reader;
use crate::prove::Concerns;
use serde_json::Value;

pub fn read(reader: &mut Reader<'_, '_>) {
    let resolver = reader.resolver;
    for instance in resolver.inventory.instances.iter().filter(|instance| !instance.is_data) {
        let rows = rows(instance.kind);
        if !rows.is_empty() {
            let resource = resolver.block(instance);
            reader.about(concerned(reader, instance));
            for row in rows {
                let Treatment::Named(may) = row.treatment else { continue };
                for (block, name) in at(&resource, row.argument) {
                    if is_set(&block, name) {
                        reader.note_as(&block, name, why(row.argument), may);
                    }
                }
            }
        }
    }
    reader.about(Concerns::Everything);
}

/// Whose traffic a resource is about: that of its own VNICs, or of the VCN that
/// it is a part of.
fn concerned(reader: &Reader<'_, '_>, instance: &Instance<'_>) -> Concerns {
    let is_part = ["_gateway", "_vcn", "_virtual_network", "_vlan"].iter().any(|end| instance.kind.ends_with(end));
    if !instance.kind.starts_with("oci_core_") || !is_part {
        return Concerns::Group(instance.address.to_owned());
    }
    match reader.resolver.vcn_of(instance) {
        Some(Thing::Instance(at)) => reader
            .resolver
            .inventory
            .instance(at)
            .map_or(Concerns::Everything, |vcn| Concerns::Vcn(vcn.address.to_owned())),
        _ if instance.kind.ends_with("_vcn") || instance.kind.ends_with("_network") => {
            Concerns::Vcn(instance.address.to_owned())
        }
        _ => Concerns::Everything,
    }
}

/// The blocks at the path of an argument, and its name in them.
fn at<'s, 'a, 'p>(resource: &Block<'s, 'a>, path: &'p str) -> Vec<(Block<'s, 'a>, &'p str)> {
    let Some((first, rest)) = path.split_once('.') else { return vec![(resource.clone(), path)] };
    match resource.blocks(first) {
        Blocks::Known(blocks) => blocks.iter().filter(|one| !one.is_odd()).flat_map(|block| at(block, rest)).collect(),
        Blocks::Unknown | Blocks::Odd(_) => Vec::new(),
    }
}

fn is_set(block: &Block<'_, '_>, name: &str) -> bool {
    match block.get(name) {
        Attribute::Absent => false,
        Attribute::Unknown => block.is_seen_configured(name),
        Attribute::Known(value) => match value {
            Value::Null | Value::Bool(false) => false,
            Value::String(text) => !text.is_empty() && text != "false",
            Value::Array(list) => !list.is_empty(),
            Value::Object(map) => !map.is_empty(),
            Value::Bool(true) | Value::Number(_) => true,
        },
    }
}
