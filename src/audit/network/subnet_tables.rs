//! Which route table a subnet or a VNIC has.

use super::routes::{RouteTables, Variant};
use super::vcns::{Home, Parts, is_in, is_read};
use crate::audit::document::block::Block;
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Reader};
use crate::prove::May;
use std::collections::HashSet;

/// What the route table of a subnet may be: at least one.
pub fn tables<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    at: usize,
    vcn: &Home<'_>,
    parts: &Parts,
) -> Vec<Variant> {
    let own = reader.one(block, "route_table_id", Want::RouteTable, "no route out of the subnet is assumed");
    let mut keys = Vec::new();
    let (attached, is_attached) = parts.tables.attached.get(&at).cloned().unwrap_or_default();
    let mut things = attached;
    if !is_attached {
        match own {
            Named::Thing(table) => things.push(table),
            Named::Among(tables) => things.extend(tables.into_iter().filter(|table| is_in(reader, *table, vcn))),
            Named::Absent => match vcn {
                Home::Own(vcn) => things.push(Thing::DefaultTable(*vcn)),
                Home::Foreign(id) => {
                    reader.note(block, "route_table_id", "it has its VCN's default route table, which is not known");
                    keys.push(format!("{id}.default_route_table_id"));
                }
            },
            Named::Unresolved => {}
        }
        if reader.resolver.may_be_unset(block, "route_table_id", Want::RouteTable) {
            let why = "a condition may leave it unset; its VCN's default route table is possible, too";
            match vcn {
                Home::Own(vcn) => {
                    things.push(Thing::DefaultTable(*vcn));
                    reader.note_as(block, "route_table_id", why, May::Nothing);
                }
                Home::Foreign(_) => reader.note(block, "route_table_id", why),
            }
        }
    }
    for table in things {
        match table {
            Thing::DefaultTable(vcn) => keys.extend(default_tables(reader, block, vcn, &parts.tables)),
            table => keys.push(reader.resolver.address(table)),
        }
    }
    if keys.is_empty() {
        keys.push(format!("{}.route_table_id", block.owner.address));
    }
    // The likeliest first.
    let mut seen = HashSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys.iter().flat_map(|key| parts.tables.variants(key)).collect()
}

/// What a VNIC's own route table may be, by the resource's attribute; nothing
/// if it has none.
pub fn own_tables<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, tables: &RouteTables) -> Vec<Variant> {
    let name = "route_table_id";
    if reader.resolver.may_be_unset(block, name, Want::RouteTable) {
        reader.note(block, name, "a condition may leave it unset, and then its subnet's applies");
    }
    let things = match reader.one(block, name, Want::RouteTable, "its subnet's is assumed") {
        Named::Thing(table) => vec![table],
        Named::Among(tables) => tables,
        Named::Absent | Named::Unresolved => Vec::new(),
    };
    let mut keys = Vec::new();
    for table in things {
        match table {
            Thing::DefaultTable(vcn) => keys.extend(default_tables(reader, block, vcn, tables)),
            table => keys.push(reader.resolver.address(table)),
        }
    }
    keys.iter().flat_map(|key| tables.variants(key)).collect()
}

/// The keys that a VCN's default table may have.
fn default_tables<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    vcn: usize,
    tables: &RouteTables,
) -> Vec<String> {
    let (things, is_managed) = tables.managed_defaults.get(&vcn).cloned().unwrap_or_default();
    let mut keys: Vec<_> = things.into_iter().map(|table| reader.resolver.address(table)).collect();
    if !is_managed {
        let address = reader.resolver.address(Thing::DefaultTable(vcn));
        if is_read(reader, vcn) {
            let why = format!("{address} is not in this stack; assumed to be empty, as OCI makes it");
            reader.note(block, "route_table_id", why);
        }
        keys.push(address);
    }
    keys
}
