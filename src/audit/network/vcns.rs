//! VCNs and subnets: their CIDRs, and the lists and tables that they have.

use super::routes::{self, RouteTables};
use super::rules;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Net, Reader};
use crate::prove::network::{Network, Subnet, Vcn};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The parts of the network, and which instance each subnet is.
pub struct Parts {
    pub network: Network,
    /// By place in the inventory: the CIDRs of each subnet that could be read.
    pub subnets: BTreeMap<usize, Vec<Ipv4Net>>,
}

pub fn read<'a>(reader: &mut Reader<'_, 'a>) -> Parts {
    let mut network = Network {
        vcns: BTreeMap::new(),
        subnets: BTreeMap::new(),
        security_lists: rules::security_lists(reader),
        nsgs: rules::nsgs(reader),
        drgs: BTreeMap::new(),
        groups: Vec::new(),
    };
    let managed_lists = managed_lists(reader);
    let tables = routes::read(reader);
    for (_, instance) in standing(reader, Want::Vcn) {
        let vcn = vcn(reader, instance);
        network.vcns.insert(instance.address.to_owned(), vcn);
    }
    let mut subnets = BTreeMap::new();
    for (at, instance) in standing(reader, Want::Subnet) {
        if let Some((subnet, cidrs)) = subnet(reader, at, instance, &mut network, &managed_lists, &tables) {
            network.subnets.insert(instance.address.to_owned(), subnet);
            subnets.insert(at, cidrs);
        }
    }
    Parts { network, subnets }
}

/// The instances of a kind: those that the stack manages, and those that only a
/// data source reads.
fn standing<'s, 'a>(reader: &Reader<'s, 'a>, want: Want) -> Vec<(usize, &'s Instance<'a>)> {
    let inventory = &reader.resolver.inventory;
    let mut read = HashSet::new();
    inventory
        .instances
        .iter()
        .enumerate()
        .filter(|(at, instance)| {
            let is_own = || inventory.by_id(instance.text("id").unwrap_or_default()) == Some(Thing::Instance(*at));
            want.fits(instance.kind) && (!instance.is_data || is_own() && read.insert(instance.text("id")))
        })
        .collect()
}

/// The default security lists that the stack manages, by their VCN.
fn managed_lists<'a>(reader: &mut Reader<'_, 'a>) -> HashMap<usize, Thing> {
    let resolver = reader.resolver;
    let mut managed = HashMap::new();
    for (at, instance) in resolver.inventory.of_kind(rules::DEFAULT_LIST) {
        let list = resolver.block(instance);
        if let Some(vcn) = routes::managed_vcn(reader, &list, Want::SecurityList)
            && managed.insert(vcn, Thing::Instance(at)).is_some()
        {
            reader.note(&list, "manage_default_resource_id", routes::TWICE);
        }
    }
    managed
}

fn vcn<'a>(reader: &mut Reader<'_, 'a>, instance: &Instance<'a>) -> Vcn {
    let block = reader.resolver.block(instance);
    let mut cidrs = reader.nets(&block, "cidr_blocks");
    if cidrs.is_empty() {
        // The older attribute, for a single CIDR.
        match reader.text(&block, "cidr_block").map(|text| reader.net(&block, "cidr_block", text)) {
            Some(Some(Net::V4(net))) => cidrs.push(net),
            Some(_) => {}
            None => reader.note(&block, "cidr_blocks", "the VCN's CIDRs are not known"),
        }
    }
    let has_v6 = matches!(block.get("is_ipv6enabled"), Attribute::Known(Value::Bool(true)))
        || matches!(block.get("ipv6cidr_blocks"), Attribute::Known(Value::Array(blocks)) if !blocks.is_empty());
    if has_v6 {
        reader.note(&block, "ipv6cidr_blocks", "IPv6 is not analysed");
    }
    Vcn { cidrs }
}

/// The VCN of a subnet.
enum Home<'a> {
    /// By place in the inventory.
    Own(usize),
    /// One that the stack does not manage, by its OCID.
    Foreign(&'a str),
}

fn home<'a>(reader: &mut Reader<'_, 'a>, subnet: &Block<'_, 'a>) -> Option<Home<'a>> {
    match reader.one(subnet, "vcn_id", Want::Vcn, "the VCN's own settings are not known") {
        Named::Thing(Thing::Instance(vcn)) => return Some(Home::Own(vcn)),
        Named::Unresolved => {
            if let Attribute::Known(Value::String(id)) = subnet.get("vcn_id") {
                return Some(Home::Foreign(id));
            }
        }
        _ => {}
    }
    reader.note(subnet, "vcn_id", "its VCN is not known; the subnet is left out");
    None
}

fn subnet<'a>(
    reader: &mut Reader<'_, 'a>,
    at: usize,
    instance: &Instance<'a>,
    network: &mut Network,
    managed_lists: &HashMap<usize, Thing>,
    tables: &RouteTables,
) -> Option<(Subnet, Vec<Ipv4Net>)> {
    let resolver = reader.resolver;
    let block = resolver.block(instance);
    let vcn = home(reader, &block)?;
    let vcn_address = match &vcn {
        Home::Own(vcn) => resolver.inventory.instance(*vcn)?.address.to_owned(),
        Home::Foreign(id) => (*id).to_owned(),
    };
    let cidrs = cidrs(reader, instance)?;
    let cidr = *cidrs.first()?;
    if cidrs.len() > 1 {
        reader.note(&block, "ipv4cidr_blocks", format!("of its several CIDRs only {cidr} is analysed"));
    }
    if matches!(block.get("ipv6cidr_blocks"), Attribute::Known(Value::Array(blocks)) if !blocks.is_empty()) {
        reader.note(&block, "ipv6cidr_blocks", "IPv6 is not analysed");
    }

    let mut lists = reader.many(&block, "security_list_ids", Want::SecurityList);
    let names_none = match block.get("security_list_ids") {
        Attribute::Known(Value::Array(list)) => list.is_empty(),
        Attribute::Unknown => !block.is_configured("security_list_ids"),
        _ => true,
    };
    match vcn {
        Home::Own(vcn) if lists.is_empty() && names_none => lists.push(Thing::DefaultList(vcn)),
        Home::Foreign(id) => {
            // Only the subnets of a VCN that the stack does not manage are
            // known.
            network.vcns.entry(id.to_owned()).or_default().cidrs.push(cidr);
            if lists.is_empty() && names_none {
                reader.note(&block, "security_list_ids", "it has its VCN's default security list, which is not known");
            }
        }
        Home::Own(_) => {}
    }
    let lists: Vec<_> =
        lists.into_iter().map(|list| security_list(reader, &block, list, network, managed_lists)).collect();

    let table = match tables.attached.get(&at) {
        Some(table) => Named::Thing(*table),
        None => reader.one(&block, "route_table_id", Want::RouteTable, "no route out of the subnet is assumed"),
    };
    let route_table = match table {
        Named::Thing(Thing::DefaultTable(vcn)) => default_table(reader, &block, vcn, tables),
        Named::Thing(table) => resolver.address(table),
        Named::Absent => match vcn {
            Home::Own(vcn) => default_table(reader, &block, vcn, tables),
            Home::Foreign(id) => {
                reader.note(&block, "route_table_id", "it has its VCN's default route table, which is not known");
                format!("{id}.default_route_table_id")
            }
        },
        Named::Unresolved => format!("{}.route_table_id", instance.address),
    };

    let prohibited = reader.flag(&block, "prohibit_public_ip_on_vnic", false, false)
        || reader.flag(&block, "prohibit_internet_ingress", false, false);
    let routes = tables.routes.get(&route_table).cloned().unwrap_or_default();
    let subnet = Subnet { vcn: vcn_address, cidr, security_lists: lists, public_ips: !prohibited, route_table, routes };
    Some((subnet, cidrs))
}

fn cidrs<'a>(reader: &mut Reader<'_, 'a>, instance: &Instance<'a>) -> Option<Vec<Ipv4Net>> {
    let block = reader.resolver.block(instance);
    let several = reader.nets(&block, "ipv4cidr_blocks");
    let first = match block.get("cidr_block") {
        Attribute::Known(Value::String(text)) if !text.is_empty() => match reader.net(&block, "cidr_block", text) {
            Some(Net::V4(net)) => Some(net),
            _ => None,
        },
        _ => None,
    };
    let all: Vec<_> = first.into_iter().chain(several.into_iter().filter(|net| Some(*net) != first)).collect();
    if all.is_empty() {
        reader.note(&block, "cidr_block", "its IPv4 CIDR is not known; the subnet is left out");
        return None;
    }
    Some(all)
}

/// The key of a security list. A VCN's default list is added if a subnet uses
/// it and the stack does not manage it.
fn security_list<'a>(
    reader: &mut Reader<'_, 'a>,
    subnet: &Block<'_, 'a>,
    list: Thing,
    network: &mut Network,
    managed: &HashMap<usize, Thing>,
) -> String {
    let Thing::DefaultList(vcn) = list else { return reader.resolver.address(list) };
    if let Some(managed) = managed.get(&vcn) {
        return reader.resolver.address(*managed);
    }
    let address = reader.resolver.address(list);
    if is_read(reader, vcn) {
        let why = format!("{address} is not in this stack; assumed to be as OCI makes it");
        reader.note(subnet, "security_list_ids", why);
    }
    if !network.security_lists.contains_key(&address) {
        let vcn = reader.resolver.address(Thing::Instance(vcn));
        let cidrs = network.vcns.get(&vcn).map(|vcn| vcn.cidrs.clone()).unwrap_or_default();
        network.security_lists.insert(address.clone(), rules::default_list(&address, &cidrs));
    }
    address
}

fn default_table<'a>(reader: &mut Reader<'_, 'a>, subnet: &Block<'_, 'a>, vcn: usize, tables: &RouteTables) -> String {
    if let Some(managed) = tables.managed_defaults.get(&vcn) {
        return reader.resolver.address(*managed);
    }
    let address = reader.resolver.address(Thing::DefaultTable(vcn));
    if is_read(reader, vcn) {
        let why = format!("{address} is not in this stack; assumed to be empty, as OCI makes it");
        reader.note(subnet, "route_table_id", why);
    }
    address
}

/// Whether a VCN is only read by a data source.
fn is_read(reader: &Reader<'_, '_>, vcn: usize) -> bool {
    reader.resolver.inventory.instance(vcn).is_some_and(|instance| instance.is_data)
}
