//! Route tables and the gateways that they lead to.

use super::gateways::{foreign_gateway, target};
use super::services;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Net, Reader};
use crate::diagnostic::quoted;
use crate::prove::May;
use crate::prove::network::{Destination, Route, Services, Target};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

const TABLE: &str = "oci_core_route_table";
pub const TWICE: &str = "another resource manages the same default; either may win";
const DEFAULT_TABLE: &str = "oci_core_default_route_table";

/// How many variants of one route table are judged.
const MOST_VARIANTS: usize = 16;

/// What a route table may be.
#[derive(Clone, PartialEq, Eq)]
pub struct Variant {
    /// The table's address, or one that says which variant it is.
    pub key: String,
    pub routes: Vec<Route>,
}

// The key says which variant it is.
impl Ord for Variant {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for Variant {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Every route table, by its address; and those that are attached to subnets
/// by a resource of their own.
pub struct RouteTables {
    /// One variant, unless something about it is not known.
    variants: BTreeMap<String, Vec<Variant>>,
    /// The tables that may manage the default of a VCN, by the VCN, and whether
    /// one of them certainly does.
    pub managed_defaults: HashMap<usize, (Vec<Thing>, bool)>,
    /// By subnet.
    pub attached: HashMap<usize, (Vec<Thing>, bool)>,
}

impl RouteTables {
    /// What a table may be. One that is not here has no routes.
    pub fn variants(&self, key: &str) -> Vec<Variant> {
        let empty = || vec![Variant { key: key.to_owned(), routes: Vec::new() }];
        self.variants.get(key).cloned().unwrap_or_else(empty)
    }
}

pub fn read<'a>(reader: &mut Reader<'_, 'a>) -> RouteTables {
    let resolver = reader.resolver;
    let mut tables =
        RouteTables { variants: BTreeMap::new(), managed_defaults: HashMap::new(), attached: HashMap::new() };
    for (at, instance) in [TABLE, DEFAULT_TABLE].into_iter().flat_map(|kind| resolver.inventory.of_kind(kind)) {
        let table = resolver.block(instance);
        if instance.kind == DEFAULT_TABLE {
            manage(reader, &table, Want::RouteTable, at, &mut tables.managed_defaults);
        }
        tables.variants.insert(instance.address.to_owned(), variants(reader, &table));
    }
    for (_, instance) in resolver.inventory.of_kind("oci_core_route_table_attachment") {
        let attachment = resolver.block(instance);
        let subnets = reader.instances(&attachment, "subnet_id", Want::Subnet, "the attachment is left out");
        let found = match reader.one(&attachment, "route_table_id", Want::RouteTable, "the attachment is left out") {
            Named::Thing(table) => vec![table],
            Named::Among(tables) => tables,
            Named::Absent | Named::Unresolved => continue,
        };
        let is_certain = subnets.len() == 1;
        for subnet in subnets {
            let before = tables.attached.entry(subnet).or_insert_with(|| (Vec::new(), false));
            if !before.0.is_empty() && before.0 != found {
                reader.note_as(&attachment, "subnet_id", "the subnet has another attachment too", May::Nothing);
            }
            before.0.extend(&found);
            before.1 |= is_certain;
        }
    }
    tables
}

/// All that a table may be.
fn variants<'s, 'a>(reader: &mut Reader<'s, 'a>, table: &Block<'s, 'a>) -> Vec<Variant> {
    let mut variants: Vec<Vec<Route>> = vec![Vec::new()];
    let mut add = |reader: &mut Reader<'s, 'a>, rule: &Block<'s, 'a>, mut alternatives: Vec<Option<Route>>| {
        if variants.len().saturating_mul(alternatives.len()) > MOST_VARIANTS {
            let why = "with all that is not known about its table, too many routes are possible to judge each";
            reader.note(rule, "network_entity_id", why);
            alternatives.truncate(1);
        }
        let with = |routes: &Vec<Route>| {
            let routes = routes.clone();
            alternatives.iter().map(move |one| routes.iter().cloned().chain(one.clone()).collect()).collect::<Vec<_>>()
        };
        variants = variants.iter().flat_map(with).collect();
    };
    if table.get("route_rules") == Attribute::Unknown && table.is_configured("route_rules") || is_hidden(table) {
        reader.note(table, "route_rules", "its routes are known only after the apply: any gateway is possible");
        let alternatives = anywhere(reader, table);
        add(reader, table, alternatives);
    }
    for rule in reader.blocks(table, "route_rules") {
        let alternatives = route(reader, &rule);
        add(reader, &rule, alternatives);
    }
    let address = table.owner.address;
    let is_one = variants.len() == 1;
    let mut named: Vec<Variant> = Vec::new();
    for mut routes in variants {
        whole_default(reader, table, &mut routes);
        let mut key = address.to_owned();
        if !is_one {
            let mut gateways: Vec<_> = routes.iter().map(|route| route.gateway.as_str()).collect();
            gateways.dedup();
            key = format!(
                "{address} ({})",
                if gateways.is_empty() { "no route".to_owned() } else { gateways.join(", ") }
            );
        }
        if named.iter().any(|other| other.routes == routes) {
            continue;
        }
        if named.iter().any(|other| other.key == key) {
            key = format!("{key} {}", named.len() + 1);
        }
        named.push(Variant { key, routes });
    }
    named
}

/// Whether its routes are in a `dynamic` block over what is not known.
fn is_hidden(table: &Block<'_, '_>) -> bool {
    table.owner.planned && table.get("route_rules") == Attribute::Unknown
}

/// No route, or a default route to any of the gateways in the table's VCN.
fn anywhere<'a>(reader: &mut Reader<'_, 'a>, table: &Block<'_, 'a>) -> Vec<Option<Route>> {
    let resolver = reader.resolver;
    let home = resolver.vcn_of(table.owner);
    let everything = Destination::Cidr(Ipv4Net::default());
    let mut all = vec![None];
    for kind in ["oci_core_internet_gateway", "oci_core_nat_gateway"] {
        for (at, gateway) in resolver.inventory.of_kind(kind) {
            let there = resolver.vcn_of(gateway);
            if home.is_none() || there.is_none() || home == there {
                let targets = target(reader, table, at, everything);
                all.extend(
                    targets
                        .into_iter()
                        .map(|(target, gateway)| Some(Route { destination: everything, target, gateway })),
                );
            }
        }
    }
    all
}

/// Adds the default route that a split one, such as `0.0.0.0/1` and
/// `128.0.0.0/1`, amounts to: the addresses of OCI services are not known, so
/// only a default route is certain to cover them.
fn whole_default<'a>(reader: &mut Reader<'_, 'a>, table: &Block<'_, 'a>, routes: &mut Vec<Route>) {
    let part = |route: &Route| match route.destination {
        Destination::Cidr(net) if net.prefix_len() > 0 => Some(net),
        _ => None,
    };
    let covers = |nets: Vec<Ipv4Net>| Ipv4Net::aggregate(&nets).contains(&Ipv4Net::default());
    if !covers(routes.iter().filter_map(part).collect()) {
        return;
    }
    // The parts are more specific, so an existing default route never applies.
    routes.retain(|route| route.destination != Destination::Cidr(Ipv4Net::default()));
    let mut gateways: Vec<_> = routes.iter().map(|route| &route.gateway).collect();
    gateways.sort_unstable();
    gateways.dedup();
    let one = gateways.into_iter().find_map(|gateway| {
        let by = || routes.iter().filter(|route| route.gateway == *gateway);
        if covers(by().filter_map(part).collect()) { by().next() } else { None }
    });
    match one {
        Some(one) => routes.push(Route { destination: Destination::Cidr(Ipv4Net::default()), ..one.clone() }),
        None => reader.note(
            table,
            "route_rules",
            "its routes cover every address, but not by one gateway: which of them leads to OCI services is not known; \
             none is assumed to",
        ),
    }
}

/// Records which VCN's default list or table a resource takes over.
pub fn manage<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    want: Want,
    at: usize,
    managed: &mut HashMap<usize, (Vec<Thing>, bool)>,
) {
    let (vcns, is_certain) =
        match reader.one(block, "manage_default_resource_id", want, "it is assumed to manage no default") {
            Named::Thing(thing) => (vec![thing], true),
            Named::Among(things) => (things, false),
            Named::Absent | Named::Unresolved => return,
        };
    for vcn in vcns {
        let (Thing::DefaultList(vcn) | Thing::DefaultTable(vcn)) = vcn else { continue };
        let one = managed.entry(vcn).or_insert_with(|| (Vec::new(), false));
        if is_certain && one.1 {
            reader.note_as(block, "manage_default_resource_id", TWICE, May::Nothing);
        }
        one.0.push(Thing::Instance(at));
        one.1 |= is_certain;
    }
}

/// All that a rule of a table may be.
fn route<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Vec<Option<Route>> {
    let Some((destination, is_certain)) = destination(reader, rule) else { return vec![None] };
    let targets = if let Some(known) = foreign_gateway(reader, rule) {
        vec![known]
    } else {
        match reader.one(rule, "network_entity_id", Want::Gateway, "no traffic is assumed to pass this way") {
            Named::Thing(Thing::Instance(at)) => target(reader, rule, at, destination),
            Named::Thing(_) | Named::Absent => {
                reader.note(rule, "network_entity_id", "it names no gateway; the route is left out");
                return vec![None];
            }
            Named::Among(things) => {
                let things = things.into_iter().filter_map(Thing::instance);
                things.flat_map(|at| target(reader, rule, at, destination)).collect()
            }
            // It still takes precedence over routes to wider networks.
            Named::Unresolved => {
                let place = format!("{}.{}", rule.owner.address, rule.path_of("network_entity_id"));
                vec![(Target::Other, place)]
            }
        }
    };
    let routes = targets.into_iter().map(|(target, gateway)| Some(Route { destination, target, gateway }));
    routes.chain((!is_certain).then_some(None)).collect()
}

/// What a route is for, and whether that is certain.
fn destination<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Option<(Destination, bool)> {
    let is_services = matches!(rule.get("destination_type"), Attribute::Known(kind) if kind == "SERVICE_CIDR_BLOCK");
    // `cidr_block` is the older name.
    let name = match rule.get("destination") {
        Attribute::Known(Value::String(text)) if !text.is_empty() => "destination",
        Attribute::Unknown
            if rule.is_configured("destination") || !matches!(rule.get("cidr_block"), Attribute::Known(_)) =>
        {
            "destination"
        }
        _ => "cidr_block",
    };
    if rule.get(name) == Attribute::Unknown {
        if is_services {
            if let Some(services) = reader.resolver.services_by_filter(rule, name) {
                return Some((Destination::Services(services), true));
            }
            reader.note(rule, name, "which services it is for is known only after the apply; all are possible");
            return Some((Destination::Services(Services::All), false));
        }
        reader.note(rule, name, "its destination is known only after the apply; everything is possible");
        return Some((Destination::Cidr(Ipv4Net::default()), false));
    }
    let Some(text) = reader.text(rule, name) else {
        reader.note(rule, name, "its destination is not known; the route is left out");
        return None;
    };
    if is_services {
        let services = services::by_label(text);
        if services.is_none() {
            reader.note(
                rule,
                name,
                format!("{} is not a known set of OCI services; the route is left out", quoted(text)),
            );
        }
        return services.map(|services| (Destination::Services(services), true));
    }
    match reader.net(rule, name, text)? {
        Net::V4(net) => Some((Destination::Cidr(net), true)),
        Net::V6 => {
            reader.note_as(rule, name, "IPv6 is not analysed; the route is left out", May::Open);
            None
        }
    }
}
