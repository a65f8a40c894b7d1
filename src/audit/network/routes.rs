//! Route tables and the gateways that they lead to.

use super::services;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Net, Reader};
use crate::diagnostic::quoted;
use crate::prove::network::{Destination, Route, Services, Target};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

const TABLE: &str = "oci_core_route_table";
pub const TWICE: &str = "another resource manages the same default; this one is assumed to win";
const DEFAULT_TABLE: &str = "oci_core_default_route_table";

/// Every route table, by its address; and those that are attached to subnets
/// by a resource of their own.
pub struct RouteTables {
    pub routes: BTreeMap<String, Vec<Route>>,
    /// The default table of a VCN that the stack manages, by the VCN.
    pub managed_defaults: HashMap<usize, Thing>,
    /// By subnet.
    pub attached: HashMap<usize, Thing>,
}

pub fn read<'a>(reader: &mut Reader<'_, 'a>) -> RouteTables {
    let resolver = reader.resolver;
    let mut tables =
        RouteTables { routes: BTreeMap::new(), managed_defaults: HashMap::new(), attached: HashMap::new() };
    for (at, instance) in [TABLE, DEFAULT_TABLE].into_iter().flat_map(|kind| resolver.inventory.of_kind(kind)) {
        let table = resolver.block(instance);
        if instance.kind == DEFAULT_TABLE
            && let Some(vcn) = managed_vcn(reader, &table, Want::RouteTable)
            && tables.managed_defaults.insert(vcn, Thing::Instance(at)).is_some()
        {
            reader.note(&table, "manage_default_resource_id", TWICE);
        }
        let mut routes = Vec::new();
        for rule in reader.blocks(&table, "route_rules") {
            routes.extend(route(reader, &rule));
        }
        whole_default(reader, &table, &mut routes);
        tables.routes.insert(instance.address.to_owned(), routes);
    }
    for (_, instance) in resolver.inventory.of_kind("oci_core_route_table_attachment") {
        let attachment = resolver.block(instance);
        let subnet = reader.instance(&attachment, "subnet_id", Want::Subnet, "the attachment is left out");
        let table = reader.one(&attachment, "route_table_id", Want::RouteTable, "the attachment is left out");
        if let (Some(subnet), Named::Thing(table)) = (subnet, table)
            && tables.attached.insert(subnet, table).is_some_and(|before| before != table)
        {
            reader.note(&attachment, "subnet_id", "the subnet has another attachment too; this one is assumed to win");
        }
    }
    tables
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

/// The VCN whose default list or table a resource takes over.
pub fn managed_vcn<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, want: Want) -> Option<usize> {
    match reader.one(block, "manage_default_resource_id", want, "it is assumed to manage no default") {
        Named::Thing(Thing::DefaultList(vcn) | Thing::DefaultTable(vcn)) => Some(vcn),
        _ => None,
    }
}

fn route<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Option<Route> {
    let destination = destination(reader, rule)?;
    let (target, gateway) = if let Some(known) = foreign_gateway(reader, rule) {
        known
    } else {
        match reader.one(rule, "network_entity_id", Want::Gateway, "no traffic is assumed to pass this way") {
            Named::Thing(Thing::Instance(at)) => target(reader, rule, at, destination)?,
            Named::Thing(_) | Named::Absent => return None,
            // It still takes precedence over routes to wider networks.
            Named::Unresolved => {
                let place = format!("{}.{}", rule.owner.address, rule.path_of("network_entity_id"));
                (Target::Other, place)
            }
        }
    };
    Some(Route { destination, target, gateway })
}

fn destination<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Option<Destination> {
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
    if is_services && rule.get(name) == Attribute::Unknown {
        if let Some(services) = reader.resolver.services_by_filter(rule, name) {
            return Some(Destination::Services(services));
        }
        reader.note(rule, name, "which services it is for is known only after the apply; the route is left out");
        return None;
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
        return services.map(Destination::Services);
    }
    match reader.net(rule, name, text)? {
        Net::V4(net) => Some(Destination::Cidr(net)),
        Net::V6 => {
            reader.note(rule, name, "IPv6 is not analysed; the route is left out");
            None
        }
    }
}

fn target<'a>(
    reader: &mut Reader<'_, 'a>,
    rule: &Block<'_, 'a>,
    at: usize,
    destination: Destination,
) -> Option<(Target, String)> {
    let resolver = reader.resolver;
    let instance = resolver.inventory.instance(at)?;
    let gateway = resolver.block(instance);
    let target = match instance.kind {
        "oci_core_internet_gateway" if reader.flag(&gateway, "enabled", true, true) => Target::InternetGateway,
        "oci_core_nat_gateway" if !reader.flag(&gateway, "block_traffic", false, false) => Target::NatGateway,
        "oci_core_service_gateway" if !reader.flag(&gateway, "block_traffic", false, false) => {
            services_of(reader, &gateway).map_or(Target::Other, Target::ServiceGateway)
        }
        "oci_core_internet_gateway" | "oci_core_nat_gateway" | "oci_core_service_gateway" => Target::Other,
        _ => {
            let what = match destination {
                Destination::Cidr(net) => net.to_string(),
                Destination::Services(_) => "traffic to OCI services".to_owned(),
            };
            let why = format!("{what} goes to {}; what lies behind it is not analysed", instance.address);
            reader.note(rule, "network_entity_id", why);
            Target::Other
        }
    };
    Some((target, instance.address.to_owned()))
}

/// The services that are enabled on a service gateway.
fn services_of<'s, 'a>(reader: &mut Reader<'s, 'a>, gateway: &Block<'s, 'a>) -> Option<Services> {
    let resolver = reader.resolver;
    let mut enabled = Vec::new();
    for service in reader.blocks(gateway, "services") {
        let by_id = match service.get("service_id") {
            Attribute::Known(Value::String(id)) => resolver.services_by_id(id),
            Attribute::Unknown => resolver.services_by_filter(&service, "service_id"),
            _ => None,
        };
        let by_name = match service.get("service_name") {
            Attribute::Known(Value::String(name)) => services::by_name(name),
            _ => None,
        };
        let found = by_name.or(by_id);
        if found.is_none() {
            reader.note(
                &service,
                "service_id",
                "which OCI services it stands for is not in the JSON; no traffic is assumed to reach them",
            );
        }
        enabled.extend(found);
    }
    if enabled.contains(&Services::All) { Some(Services::All) } else { enabled.first().copied() }
}

/// A gateway outside the stack, whose kind is part of its OCID.
fn foreign_gateway<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Option<(Target, String)> {
    let Attribute::Known(Value::String(id)) = rule.get("network_entity_id") else { return None };
    if reader.resolver.inventory.by_id(id).is_some() {
        return None;
    }
    let target = match id.split('.').nth(1) {
        Some("internetgateway") => Target::InternetGateway,
        Some("natgateway") => Target::NatGateway,
        _ => return None,
    };
    reader.note(
        rule,
        "network_entity_id",
        "the gateway is not part of this stack; its OCID says what kind it is, and it is assumed to let traffic pass",
    );
    Some((target, id.clone()))
}
