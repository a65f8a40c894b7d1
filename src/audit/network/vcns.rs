//! VCNs and subnets: their CIDRs, and the lists and tables that they have.

use super::gateways;
use super::routes::{self, RouteTables, Variant};
use super::rules::{self, Rules};
use super::subnet_tables::tables;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::inventory::Instance;
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Net, Reader};
use crate::prove::Concerns;
use crate::prove::network::{Network, SecurityRule, Subnet, Vcn};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The parts of the network, and which instance each subnet is.
pub struct Parts {
    /// What is there for certain.
    pub network: Network,
    /// All that may be there.
    pub widest: Network,
    /// By place in the inventory: the CIDRs of each subnet that could be read.
    pub subnets: BTreeMap<usize, Vec<Ipv4Net>>,
    /// Those whose CIDR is not known yet, and which stand for their whole VCN.
    pub somewhere: BTreeSet<usize>,
    /// What the route table of each subnet may be.
    pub tables_of: BTreeMap<usize, Vec<Variant>>,
    pub tables: RouteTables,
}

pub fn read<'a>(reader: &mut Reader<'_, 'a>) -> Parts {
    let (lists, nsgs) = (rules::security_lists(reader), rules::nsgs(reader));
    let drgs = gateways::drgs(reader);
    let parts = |lists: &BTreeMap<String, Rules>,
                 nsgs: &BTreeMap<String, Rules>,
                 of: fn(&Rules) -> Vec<SecurityRule>| {
        let all = |rules: &BTreeMap<String, Rules>| rules.iter().map(|(key, rules)| (key.clone(), of(rules))).collect();
        Network { security_lists: all(lists), nsgs: all(nsgs), drgs: drgs.clone(), ..Network::default() }
    };
    let (tables, managed_lists) = (routes::read(reader), managed_lists(reader));
    let mut all = Parts {
        network: parts(&lists, &nsgs, |rules| rules.certain.clone()),
        widest: parts(&lists, &nsgs, |rules| rules.possible.clone()),
        subnets: BTreeMap::new(),
        somewhere: BTreeSet::new(),
        tables_of: BTreeMap::new(),
        tables,
    };
    for (_, instance) in standing(reader, Want::Vcn) {
        let vcn = vcn(reader, instance);
        all.network.vcns.insert(instance.address.to_owned(), vcn);
    }
    for (at, instance) in standing(reader, Want::Subnet) {
        reader.about(Concerns::Subnet(instance.address.to_owned()));
        subnet(reader, at, instance, &mut all, &managed_lists);
    }
    reader.about(Concerns::Everything);
    all.widest.vcns = all.network.vcns.clone();
    all
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

/// The resources that may manage the default list of a VCN, by the VCN, and
/// whether one of them certainly does.
type Managed = HashMap<usize, (Vec<Thing>, bool)>;

fn managed_lists<'a>(reader: &mut Reader<'_, 'a>) -> Managed {
    let resolver = reader.resolver;
    let mut managed = Managed::new();
    for (at, instance) in resolver.inventory.of_kind(rules::DEFAULT_LIST) {
        routes::manage(reader, &resolver.block(instance), Want::SecurityList, at, &mut managed);
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
    Vcn { cidrs }
}

/// The VCN of a subnet.
pub enum Home<'a> {
    /// By place in the inventory.
    Own(usize),
    /// One that the stack does not manage, by its OCID.
    Foreign(&'a str),
}

fn home<'a>(
    reader: &mut Reader<'_, 'a>,
    subnet: &Block<'_, 'a>,
    cidr: Option<Ipv4Net>,
    network: &Network,
) -> Option<Home<'a>> {
    match reader.one(subnet, "vcn_id", Want::Vcn, "the VCN's own settings are not known") {
        Named::Thing(Thing::Instance(vcn)) => return Some(Home::Own(vcn)),
        // OCI refuses a subnet outside of its VCN's CIDRs.
        Named::Among(things) => {
            let holds = |at: &usize| {
                let vcn = network.vcns.get(&reader.resolver.address(Thing::Instance(*at)));
                vcn.is_some_and(|vcn| cidr.is_none_or(|cidr| vcn.cidrs.iter().any(|outer| outer.contains(&cidr))))
            };
            let mut holding = things.into_iter().filter_map(Thing::instance).filter(holds);
            let (first, second) = (holding.next(), holding.next());
            if let Some(vcn) = first {
                if second.is_some() {
                    reader.note(subnet, "vcn_id", "several of them have its CIDR; the first is taken");
                }
                return Some(Home::Own(vcn));
            }
        }
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
    parts: &mut Parts,
    managed_lists: &Managed,
) -> Option<()> {
    let resolver = reader.resolver;
    let block = resolver.block(instance);
    let mut cidrs = cidrs(reader, instance);
    let vcn = home(reader, &block, cidrs.first().copied(), &parts.network)?;
    if cidrs.is_empty() {
        cidrs.push(anywhere(reader, &block, &vcn, &parts.network)?);
        parts.somewhere.insert(at);
    }
    let cidr = *cidrs.first()?;
    let vcn_address = match &vcn {
        Home::Own(vcn) => resolver.inventory.instance(*vcn)?.address.to_owned(),
        Home::Foreign(id) => (*id).to_owned(),
    };
    if cidrs.len() > 1 {
        reader.note(&block, "ipv4cidr_blocks", format!("of its several CIDRs only {cidr} is analysed"));
    }

    let mut lists = reader.many(&block, "security_list_ids", Want::SecurityList);
    let names_none = match block.get("security_list_ids") {
        Attribute::Known(Value::Array(list)) => list.is_empty(),
        Attribute::Unknown => !block.is_configured("security_list_ids"),
        _ => true,
    };
    let is_none = lists.things.is_empty() && lists.possible.is_empty() && names_none;
    match vcn {
        Home::Own(vcn) if is_none => lists.things.push(Thing::DefaultList(vcn)),
        Home::Foreign(id) => {
            // Only the subnets of a VCN that the stack does not manage are
            // known.
            parts.network.vcns.entry(id.to_owned()).or_default().cidrs.push(cidr);
            if is_none {
                reader.note(&block, "security_list_ids", "it has its VCN's default security list, which is not known");
            }
        }
        Home::Own(_) => {}
    }
    // A list that may be empty, or not be set, is the VCN's default.
    if let (Home::Own(vcn), Attribute::Unknown, true) = (&vcn, block.get("security_list_ids"), lists.things.is_empty())
    {
        lists.possible.push(Thing::DefaultList(*vcn));
    }
    let in_vcn = |thing: &Thing| is_in(reader, *thing, &vcn);
    lists.possible.retain(in_vcn);
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for (list, is_certain) in
        lists.things.iter().map(|list| (*list, true)).chain(lists.possible.iter().map(|list| (*list, false)))
    {
        let keys = security_list(reader, &block, list, parts, managed_lists);
        match keys.as_slice() {
            [only] if is_certain => certain.push(only.clone()),
            _ => possible.extend(keys),
        }
    }
    possible.sort_unstable();
    possible.dedup();
    possible.retain(|list| !certain.contains(list));
    // In the same order, so that what is certain is the same in both networks.
    possible.splice(0..0, certain.iter().cloned());
    let is_stateless = |list: &&String| !certain.contains(*list) && has_stateless(&parts.widest.security_lists, list);
    if let Some(list) = possible.iter().find(is_stateless) {
        let why = format!("if it has {list}, its stateless rules take precedence");
        reader.note(&block, "security_list_ids", why);
    }

    let tables = tables(reader, &block, at, &vcn, parts);
    let first = tables.first()?.clone();
    let prohibited = reader.maybe(&block, "prohibit_public_ip_on_vnic", false);
    let also = reader.maybe(&block, "prohibit_internet_ingress", false);
    let subnet = Subnet {
        vcn: vcn_address,
        cidr,
        security_lists: certain,
        public_ips: !(prohibited.most || also.most),
        route_table: first.key,
        routes: first.routes,
    };
    let widest = Subnet { security_lists: possible, public_ips: !(prohibited.least || also.least), ..subnet.clone() };
    parts.network.subnets.insert(instance.address.to_owned(), subnet);
    parts.widest.subnets.insert(instance.address.to_owned(), widest);
    parts.subnets.insert(at, cidrs);
    parts.tables_of.insert(at, tables);
    Some(())
}

pub fn has_stateless(rules: &BTreeMap<String, Vec<SecurityRule>>, key: &str) -> bool {
    rules.get(key).is_some_and(|rules| rules.iter().any(|rule| rule.stateless))
}

/// Whether a list or a table may be in a VCN.
pub fn is_in(reader: &Reader<'_, '_>, thing: Thing, vcn: &Home<'_>) -> bool {
    let home = match thing {
        Thing::DefaultList(at) | Thing::DefaultTable(at) => Some(Thing::Instance(at)),
        Thing::Instance(at) => {
            let instance = reader.resolver.inventory.instance(at);
            instance.and_then(|instance| reader.resolver.vcn_of(instance))
        }
    };
    match (home, vcn) {
        (Some(Thing::Instance(at)), Home::Own(vcn)) => at == *vcn,
        (Some(_), Home::Foreign(_)) => false,
        _ => true,
    }
}

/// The CIDR of the VCN of a subnet whose own is not known before the apply.
fn anywhere<'a>(
    reader: &mut Reader<'_, 'a>,
    subnet: &Block<'_, 'a>,
    vcn: &Home<'_>,
    network: &Network,
) -> Option<Ipv4Net> {
    let whole = match vcn {
        Home::Own(vcn) => network.vcns.get(&reader.resolver.address(Thing::Instance(*vcn))),
        Home::Foreign(_) => None,
    };
    let is_later = ["cidr_block", "ipv4cidr_blocks"].iter().any(|name| subnet.get(name) == Attribute::Unknown);
    match whole.map(|vcn| vcn.cidrs.as_slice()) {
        Some([only]) if is_later => {
            reader.note(subnet, "cidr_block", "its CIDR is known only after the apply; it may be any part of its VCN");
            Some(*only)
        }
        _ => {
            reader.note(subnet, "cidr_block", "its IPv4 CIDR is not known; the subnet is left out");
            None
        }
    }
}

fn cidrs<'a>(reader: &mut Reader<'_, 'a>, instance: &Instance<'a>) -> Vec<Ipv4Net> {
    let block = reader.resolver.block(instance);
    let several = reader.nets(&block, "ipv4cidr_blocks");
    let first = match block.get("cidr_block") {
        Attribute::Known(Value::String(text)) if !text.is_empty() => match reader.net(&block, "cidr_block", text) {
            Some(Net::V4(net)) => Some(net),
            _ => None,
        },
        _ => None,
    };
    first.into_iter().chain(several.into_iter().filter(|net| Some(*net) != first)).collect()
}

/// The keys that a security list may have. A VCN's default list is added if a
/// subnet uses it and the stack does not certainly manage it.
fn security_list<'a>(
    reader: &mut Reader<'_, 'a>,
    subnet: &Block<'_, 'a>,
    list: Thing,
    parts: &mut Parts,
    managed: &Managed,
) -> Vec<String> {
    let Thing::DefaultList(vcn) = list else { return vec![reader.resolver.address(list)] };
    let (things, is_managed) = managed.get(&vcn).cloned().unwrap_or_default();
    let mut keys: Vec<_> = things.into_iter().map(|list| reader.resolver.address(list)).collect();
    if is_managed {
        return keys;
    }
    let address = reader.resolver.address(list);
    if is_read(reader, vcn) {
        let why = format!("{address} is not in this stack; assumed to be as OCI makes it");
        reader.note(subnet, "security_list_ids", why);
    }
    let vcn = reader.resolver.address(Thing::Instance(vcn));
    let cidrs = parts.network.vcns.get(&vcn).map(|vcn| vcn.cidrs.clone()).unwrap_or_default();
    for network in [&mut parts.network, &mut parts.widest] {
        let lists = &mut network.security_lists;
        lists.entry(address.clone()).or_insert_with(|| rules::default_list(&address, &cidrs));
    }
    keys.push(address);
    keys
}

/// Whether a VCN is only read by a data source.
pub fn is_read(reader: &Reader<'_, '_>, vcn: usize) -> bool {
    reader.resolver.inventory.instance(vcn).is_some_and(|instance| instance.is_data)
}
