//! Random networks of the oracle's that Terraform can make, and the resources
//! that make them.

use super::dice::Dice;
use crate::oracle::world::net;
use cloudspells::prove::network::{
    Destination, Direction, Front, Group, GroupKind, Layer, Network, Peer, Ports, SecurityRule, Services, Target,
    Traffic,
};
use ipnet::Ipv4Net;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const ALL: Ports = Ports { min: 0, max: u16::MAX };

/// A network with nothing in it that OCI or its provider does not have: lists
/// and NSGs belong to a VCN, and every subnet has VNICs that nobody manages.
pub fn normal(raw: &Network, dice: Dice) -> Network {
    let mut network = Network { drgs: raw.drgs.clone(), ..Network::default() };
    for (key, vcn) in &raw.vcns {
        let mut vcn = vcn.clone();
        vcn.cidrs.iter_mut().for_each(|cidr| *cidr = cidr.trunc());
        network.vcns.insert(key.clone(), vcn);
    }
    let mut tables: Vec<(String, Vec<_>)> = Vec::new();
    for (key, subnet) in &raw.subnets {
        let mut subnet = subnet.clone();
        let vcn = subnet.vcn.clone();
        subnet.cidr = subnet.cidr.trunc();
        for list in &mut subnet.security_lists {
            let own = format!("{list}-{vcn}");
            let rules = raw.security_lists[list].iter().filter(|rule| !matches!(rule.peer, Peer::Nsg(_)));
            network.security_lists.insert(own.clone(), rules.map(rule).collect());
            *list = own;
        }
        subnet.security_lists.sort();
        subnet.security_lists.dedup();
        if subnet.security_lists.is_empty() || dice.chance(&format!("{key} has the default, too"), 15) {
            let (name, rules) = default_list(raw, &network, &vcn, dice);
            network.security_lists.insert(name.clone(), rules);
            subnet.security_lists.push(name);
        }
        subnet.routes = routes(&subnet.routes, &vcn);
        // The same routes are the same table, of a VCN.
        let same = tables.iter().position(|(of, routes)| *of == vcn && *routes == subnet.routes);
        let at = same.unwrap_or_else(|| {
            tables.push((vcn.clone(), subnet.routes.clone()));
            tables.len() - 1
        });
        let is_default = tables.iter().position(|(of, _)| *of == vcn) == Some(at);
        subnet.route_table = match is_default && dice.chance(&format!("{vcn} has its own default table"), 50) {
            true if subnet.routes.is_empty() && dice.chance(&format!("{vcn} manages no table"), 50) => {
                format!("{vcn}-untouched-table")
            }
            true => format!("{vcn}-managed-table"),
            false => format!("table{at}"),
        };
        network.subnets.insert(key.clone(), subnet);
    }
    nsgs(raw, &mut network);
    for (key, subnet) in &network.subnets {
        network.groups.push(Group {
            name: format!("others in {key}"),
            kind: GroupKind::Other,
            subnet: key.clone(),
            addresses: vec![subnet.cidr],
            nsgs: Vec::new(),
            public_ip: subnet.public_ips,
            fronts: Vec::new(),
            candidate_of: None,
        });
    }
    balancers(&mut network, dice);
    one_service_gateway(&mut network);
    network
}

/// What a network load balancer is called, by what keeps the internet from
/// getting through it with addresses of its own: nothing, that it is private, or
/// that it hides them.
const BALANCERS: [&str; 4] = ["balancer", "balancer", "private-balancer", "hiding-balancer"];

fn is_balancer(group: &Group) -> bool {
    group.name.contains("balancer")
}

/// The load balancers before the groups, with VNICs of their own.
fn balancers(network: &mut Network, dice: Dice) {
    let mut made = Vec::new();
    for group in &mut network.groups {
        let fronts = std::mem::take(&mut group.fronts);
        for (index, front) in fronts.into_iter().enumerate() {
            let traffic = match front.traffic {
                Traffic::Tcp { destination, .. } => Traffic::Tcp { source: ALL, destination: one_or_all(destination) },
                Traffic::Udp { destination, .. } => Traffic::Udp { source: ALL, destination: one_or_all(destination) },
                _ => Traffic::All,
            };
            let how = BALANCERS[dice.of(&format!("balancer {index} of {}", group.name), BALANCERS.len())];
            made.push((format!("{how}{index}-{}", group.name), front.subnet.clone(), how != "private-balancer"));
            if how == "balancer" {
                group.fronts.push(Front { traffic, ..front });
            }
        }
    }
    for (name, subnet, public_ip) in made {
        network.groups.push(Group {
            name,
            kind: GroupKind::Role,
            addresses: vec![network.subnets[&subnet].cidr],
            subnet,
            nsgs: Vec::new(),
            public_ip,
            fronts: Vec::new(),
            candidate_of: None,
        });
    }
}

/// A backend has one port, or whichever the client asks for.
fn one_or_all(ports: Ports) -> Ports {
    if ports.min == ports.max && ports.min > 0 { ports } else { ALL }
}

/// The resources of a load balancer; `traffic` is what it forwards.
fn balancer(balancer: &Group, traffic: Traffic, dice: Dice) -> Vec<Made> {
    let name = &balancer.name;
    let target = name.split_once("balancer").and_then(|(_, rest)| rest.split_once('-')).expect("its name has it").1;
    let of = |more: Vec<(&'static str, Fact)>| {
        let mut facts = vec![("network_load_balancer_id", id(name))];
        facts.extend(more);
        facts
    };
    let value = |value: Value| Fact::Value(value);
    let set = || value(json!("apps"));
    let (protocol, ports) = match traffic {
        Traffic::Tcp { destination, .. } => ("TCP", destination),
        Traffic::Udp { destination, .. } => ("UDP", destination),
        _ => ("L3IP", ALL),
    };
    let port = if ports == ALL { 0 } else { ports.min };
    let mut facts = vec![("subnet_id", id(&balancer.subnet))];
    if !balancer.public_ip || dice.chance(&format!("{name} says that it is public"), 50) {
        facts.push(("is_private", value(json!(!balancer.public_ip))));
    }
    let mut keeps = vec![("name", set())];
    let hides = name.starts_with("hiding");
    if hides || dice.chance(&format!("{name} says that it keeps addresses"), 50) {
        keeps.push(("is_preserve_source", value(json!(!hides))));
    }
    let listener = vec![
        ("default_backend_set_name", set()),
        ("port", value(json!(port))),
        ("protocol", value(json!(protocol))),
        ("name", value(json!("listener"))),
    ];
    let backend = vec![("backend_set_name", set()), ("port", value(json!(port))), ("target_id", id(target))];
    vec![
        (name.clone(), "oci_network_load_balancer_network_load_balancer", facts),
        (format!("{name}-set"), "oci_network_load_balancer_backend_set", of(keeps)),
        (format!("{name}-listener"), "oci_network_load_balancer_listener", of(listener)),
        (format!("{name}-backend"), "oci_network_load_balancer_backend", of(backend)),
    ]
}

/// The groups, and the NSGs that they are in or that a rule names.
fn nsgs(raw: &Network, network: &mut Network) {
    let mut wanted = BTreeSet::new();
    for group in raw.groups.iter().filter(|group| group.kind == GroupKind::Role) {
        let subnet = &network.subnets[&group.subnet];
        let mut nsgs: Vec<_> = group.nsgs.iter().map(|nsg| (nsg.clone(), subnet.vcn.clone())).collect();
        nsgs.sort();
        nsgs.dedup();
        wanted.extend(nsgs.iter().cloned());
        let nsgs = nsgs.into_iter().map(|(nsg, vcn)| format!("{nsg}-{vcn}")).collect();
        // One address, or any.
        let one = group.addresses.iter().find(|cidr| cidr.prefix_len() == 32 && subnet.cidr.contains(*cidr));
        let addresses = vec![one.copied().filter(|_| group.addresses.len() == 1).unwrap_or(subnet.cidr)];
        network.groups.push(Group { nsgs, addresses, ..group.clone() });
    }
    while let Some((nsg, vcn)) = wanted.pop_first() {
        let key = format!("{nsg}-{vcn}");
        if network.nsgs.contains_key(&key) {
            continue;
        }
        let mut rules: Vec<_> = raw.nsgs.get(&nsg).into_iter().flatten().map(rule).collect();
        for rule in &mut rules {
            rule.layer = Layer::Nsg;
            if let Peer::Nsg(peer) = &mut rule.peer {
                wanted.insert((peer.clone(), vcn.clone()));
                *peer = format!("{peer}-{vcn}");
            }
        }
        network.nsgs.insert(key, rules);
    }
}

/// As the provider writes a rule.
fn rule(rule: &SecurityRule) -> SecurityRule {
    let ports = |ports: Ports| if (ports.min, ports.max) == (0, 0) { ALL } else { ports };
    let mut rule = rule.clone();
    rule.traffic = match rule.traffic {
        Traffic::Tcp { source, destination } => Traffic::Tcp { source: ports(source), destination: ports(destination) },
        Traffic::Udp { source, destination } => Traffic::Udp { source: ports(source), destination: ports(destination) },
        other => other,
    };
    rule
}

/// A table has one route to each destination, and none back to its own VCN.
fn routes(all: &[cloudspells::prove::network::Route], vcn: &str) -> Vec<cloudspells::prove::network::Route> {
    let mut seen = BTreeSet::new();
    let halves = ["0.0.0.0/1", "128.0.0.0/1"].map(net).map(Destination::Cidr);
    let mut kept = Vec::new();
    for route in all {
        let mut route = route.clone();
        if let Destination::Cidr(cidr) = &mut route.destination {
            *cidr = cidr.trunc();
        }
        // Whether two halves cover OCI's services is another question.
        let other_half = halves.iter().position(|half| *half == route.destination).map(|at| halves[1 - at]);
        let is_whole = other_half.is_some_and(|other| seen.contains(&other));
        if route.target != Target::Peering(vcn.to_owned()) && !is_whole && seen.insert(route.destination) {
            kept.push(route);
        }
    }
    kept
}

/// A VCN has one service gateway.
fn one_service_gateway(network: &mut Network) {
    let mut first = BTreeMap::new();
    for subnet in network.subnets.values_mut() {
        for route in &mut subnet.routes {
            if matches!(route.target, Target::ServiceGateway(_)) {
                route.target = first.entry(subnet.vcn.clone()).or_insert_with(|| route.target.clone()).clone();
            }
        }
    }
}

/// The default list of a VCN, as OCI makes it or as a resource does.
fn default_list(raw: &Network, network: &Network, vcn: &str, dice: Dice) -> (String, Vec<SecurityRule>) {
    let managed = raw.security_lists.values().nth(dice.of(&format!("{vcn} default list"), 4));
    if let Some(rules) = managed {
        let rules = rules.iter().filter(|rule| !matches!(rule.peer, Peer::Nsg(_)));
        return (format!("{vcn}-managed-list"), rules.map(rule).collect());
    }
    let name = format!("{vcn}-untouched-list");
    let made = |direction, peer: Ipv4Net, traffic| SecurityRule {
        address: name.clone(),
        direction,
        peer: Peer::Cidr(peer),
        traffic,
        stateless: false,
        description: String::new(),
        layer: Layer::SecurityList,
    };
    let anywhere = net("0.0.0.0/0");
    let ssh = Traffic::Tcp { source: ALL, destination: Ports { min: 22, max: 22 } };
    let mut rules = vec![
        made(Direction::Egress, anywhere, Traffic::All),
        made(Direction::Ingress, anywhere, ssh),
        made(Direction::Ingress, anywhere, Traffic::Icmp { kind: Some(3), code: Some(4) }),
    ];
    let of_vcn = network.vcns[vcn].cidrs.iter();
    rules.extend(of_vcn.map(|cidr| made(Direction::Ingress, *cidr, Traffic::Icmp { kind: Some(3), code: None })));
    (name, rules)
}

/// A resource, by what it says.
#[derive(Debug, Clone)]
pub struct Thing {
    pub kind: &'static str,
    pub facts: Vec<(&'static str, Fact)>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    Value(Value),
    Id(Attribute),
    Ids(Vec<Attribute>),
    Blocks(Vec<Facts>),
}

pub type Facts = Vec<(&'static str, Fact)>;

/// A thing's attribute that is an id.
pub type Attribute = (String, &'static str);

pub type Things = BTreeMap<String, Thing>;

fn id(thing: impl Into<String>) -> Fact {
    Fact::Id((thing.into(), "id"))
}

const LABELS: [&str; 2] = ["all-fra-services-in-oracle-services-network", "oci-fra-objectstorage"];

fn label(services: Services) -> Value {
    json!(if services == Services::All { LABELS[0] } else { LABELS[1] })
}

pub const SERVICE_IDS: [&str; 2] = ["ocid1.service.all", "ocid1.service.objectstorage"];

/// What the data source `oci_core_services.all` has read.
pub fn services() -> Value {
    let service = |at: usize, name: &str| json!({"id": SERVICE_IDS[at], "cidr_block": LABELS[at], "name": name});
    json!([service(0, "All FRA Services In Oracle Services Network"), service(1, "OCI FRA Object Storage")])
}

/// The resources of a network. The VNICs that nobody manages need none.
pub fn things(network: &Network, dice: Dice) -> Things {
    let mut all = Things::new();
    let mut add = |name: String, kind, facts| _ = all.insert(name, Thing { kind, facts });
    for (key, vcn) in &network.vcns {
        let cidrs: Vec<_> = vcn.cidrs.iter().map(ToString::to_string).collect();
        add(key.clone(), "oci_core_vcn", vec![("cidr_blocks", Fact::Value(json!(cidrs)))]);
    }
    for (key, vcns) in &network.drgs {
        add(format!("drg-{key}"), "oci_core_drg", Vec::new());
        for vcn in vcns {
            let mut facts = vec![("drg_id", id(format!("drg-{key}")))];
            if dice.chance(&format!("{key} {vcn} in details"), 50) {
                let details = vec![("id", id(vcn)), ("type", Fact::Value(json!("VCN")))];
                facts.push(("network_details", Fact::Blocks(vec![details])));
            } else {
                facts.push(("vcn_id", id(vcn)));
            }
            add(format!("drg-{key}-{vcn}"), "oci_core_drg_attachment", facts);
        }
    }
    let mut seen = BTreeSet::new();
    for (key, subnet) in &network.subnets {
        if seen.insert(&subnet.route_table) {
            for (name, kind, facts) in table(network, subnet, dice) {
                add(name, kind, facts);
            }
        }
        let mut facts = vec![("vcn_id", id(&subnet.vcn)), ("cidr_block", Fact::Value(json!(subnet.cidr.to_string())))];
        if let Some(target) = table_of(subnet, dice, key) {
            facts.push(("route_table_id", Fact::Id(target)));
        }
        let only_default = subnet.security_lists.len() == 1 && is_default(&subnet.security_lists[0]);
        if !(only_default && dice.chance(&format!("{key} names no list"), 60)) {
            let lists = subnet.security_lists.iter().map(|list| list_id(list, &subnet.vcn, dice, key)).collect();
            facts.push(("security_list_ids", Fact::Ids(lists)));
        }
        if !subnet.public_ips {
            let name = ["prohibit_public_ip_on_vnic", "prohibit_internet_ingress"][dice.of(key, 2)];
            facts.push((name, Fact::Value(json!(true))));
        }
        add(key.clone(), "oci_core_subnet", facts);
        for list in &subnet.security_lists {
            let mut facts = Facts::new();
            if list.ends_with("-untouched-list") {
                continue;
            }
            for (name, direction) in
                [("ingress_security_rules", Direction::Ingress), ("egress_security_rules", Direction::Egress)]
            {
                let rules = network.security_lists[list].iter().filter(|rule| rule.direction == direction);
                facts.push((name, Fact::Blocks(rules.map(self::facts_of).collect())));
            }
            if list.ends_with("-managed-list") {
                let target = (subnet.vcn.clone(), "default_security_list_id");
                facts.push(("manage_default_resource_id", Fact::Id(target)));
                add(list.clone(), "oci_core_default_security_list", facts);
            } else {
                facts.push(("vcn_id", id(&subnet.vcn)));
                add(list.clone(), "oci_core_security_list", facts);
            }
        }
    }
    for (key, rules) in &network.nsgs {
        let vcn = key.rsplit_once('-').expect("named after its VCN").1;
        add(key.clone(), "oci_core_network_security_group", vec![("vcn_id", id(vcn))]);
        for (at, rule) in rules.iter().enumerate() {
            let mut facts = facts_of(rule);
            facts.push(("network_security_group_id", id(key)));
            let direction = if rule.direction == Direction::Ingress { "INGRESS" } else { "EGRESS" };
            facts.push(("direction", Fact::Value(json!(direction))));
            add(format!("{key}-{at}"), "oci_core_network_security_group_security_rule", facts);
        }
    }
    let mut forwarded = BTreeMap::<&str, usize>::new();
    for group in network.groups.iter().filter(|group| is_balancer(group)) {
        let all = Traffic::Tcp { source: ALL, destination: ALL };
        let target = network
            .groups
            .iter()
            .find(|one| group.name.starts_with("balancer") && group.name.ends_with(&format!("-{}", one.name)));
        let traffic = target.map_or(all, |target| {
            let next = forwarded.entry(&target.name).or_default();
            *next += 1;
            target.fronts[*next - 1].traffic
        });
        for (name, kind, facts) in balancer(group, traffic, dice) {
            add(name, kind, facts);
        }
    }
    for group in network.groups.iter().filter(|group| group.kind == GroupKind::Role && !is_balancer(group)) {
        let mut details = vec![
            ("subnet_id", id(&group.subnet)),
            ("assign_public_ip", Fact::Value(json!(group.public_ip.to_string()))),
        ];
        if !group.nsgs.is_empty() {
            details.push(("nsg_ids", Fact::Ids(group.nsgs.iter().map(|nsg| (nsg.clone(), "id")).collect())));
        }
        let address = group.addresses[0];
        if address.prefix_len() == 32 && network.subnets[&group.subnet].cidr.prefix_len() < 32 {
            details.push(("private_ip", Fact::Value(json!(address.addr().to_string()))));
        }
        add(group.name.clone(), "oci_core_instance", vec![("create_vnic_details", Fact::Blocks(vec![details]))]);
    }
    all
}

fn is_default(name: &str) -> bool {
    name.contains("-managed-") || name.contains("-untouched-")
}

fn table_of(subnet: &cloudspells::prove::network::Subnet, dice: Dice, key: &str) -> Option<Attribute> {
    let table = &subnet.route_table;
    match (is_default(table), dice.of(&format!("{key} names its table"), 3)) {
        (false, _) => Some((table.clone(), "id")),
        (true, 0) => None,
        (true, 1) if table.contains("managed") => Some((table.clone(), "id")),
        (true, _) => Some((subnet.vcn.clone(), "default_route_table_id")),
    }
}

fn list_id(list: &str, vcn: &str, dice: Dice, key: &str) -> Attribute {
    match is_default(list) {
        true if list.ends_with("-untouched-list") || dice.chance(&format!("{key} names the VCN's"), 50) => {
            (vcn.to_owned(), "default_security_list_id")
        }
        _ => (list.to_owned(), "id"),
    }
}

type Made = (String, &'static str, Facts);

/// A route table, with the gateways that it leads to.
fn table(network: &Network, subnet: &cloudspells::prove::network::Subnet, dice: Dice) -> Vec<Made> {
    let vcn = &subnet.vcn;
    let mut made: Vec<Made> = Vec::new();
    let of_vcn = |name: &str| format!("{vcn}-{name}");
    let mut rules = Vec::new();
    for route in &subnet.routes {
        let (gateway, kind, mut facts) = match &route.target {
            Target::InternetGateway => (of_vcn("igw"), "oci_core_internet_gateway", vec![]),
            Target::NatGateway => (of_vcn("nat"), "oci_core_nat_gateway", vec![]),
            Target::ServiceGateway(services) => {
                let at = usize::from(*services != Services::All);
                let service = vec![("service_id", Fact::Value(json!(SERVICE_IDS[at])))];
                (of_vcn("sgw"), "oci_core_service_gateway", vec![("services", Fact::Blocks(vec![service]))])
            }
            Target::Peering(_) => (of_vcn("lpg"), "oci_core_local_peering_gateway", vec![]),
            Target::Drg(drg) => (format!("drg-{drg}"), "oci_core_drg", vec![]),
            Target::Other => {
                (of_vcn("blocked"), "oci_core_nat_gateway", vec![("block_traffic", Fact::Value(json!(true)))])
            }
        };
        let (destination, kind_of) = match route.destination {
            Destination::Cidr(cidr) => (json!(cidr.to_string()), "CIDR_BLOCK"),
            Destination::Services(services) => (label(services), "SERVICE_CIDR_BLOCK"),
        };
        let mut rule = vec![("destination", Fact::Value(destination)), ("network_entity_id", id(&gateway))];
        if kind_of == "SERVICE_CIDR_BLOCK" || dice.chance(&format!("{vcn} says CIDR_BLOCK"), 50) {
            rule.push(("destination_type", Fact::Value(json!(kind_of))));
        }
        rules.push(rule);
        if kind != "oci_core_drg" {
            facts.push(("vcn_id", id(vcn)));
        }
        if let Target::Peering(far) = &route.target {
            // One of the two connects them; either will do.
            let ends = [vcn.clone(), far.clone()];
            let connects = ends.iter().min().expect("two");
            for (end, other) in [(&ends[0], &ends[1]), (&ends[1], &ends[0])] {
                let mut facts = vec![("vcn_id", id(end))];
                if end == connects {
                    facts.push(("peer_id", id(format!("{other}-lpg"))));
                }
                made.push((format!("{end}-lpg"), kind, facts));
            }
        } else {
            made.push((gateway, kind, facts));
        }
    }
    let _ = network;
    let name = subnet.route_table.clone();
    let rules = ("route_rules", Fact::Blocks(rules));
    if name.contains("-managed-") {
        let target = Fact::Id((vcn.clone(), "default_route_table_id"));
        made.push((name, "oci_core_default_route_table", vec![("manage_default_resource_id", target), rules]));
    } else if !name.contains("-untouched-") {
        made.push((name, "oci_core_route_table", vec![("vcn_id", id(vcn)), rules]));
    }
    made
}

fn range(ports: Ports) -> Facts {
    vec![("min", Fact::Value(json!(ports.min))), ("max", Fact::Value(json!(ports.max)))]
}

/// What a rule says, but for its direction.
fn facts_of(rule: &SecurityRule) -> Facts {
    let (name, type_name) = match rule.direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let (peer, kind) = match &rule.peer {
        Peer::Cidr(cidr) => (Fact::Value(json!(cidr.to_string())), "CIDR_BLOCK"),
        Peer::Services(services) => (Fact::Value(label(*services)), "SERVICE_CIDR_BLOCK"),
        Peer::Nsg(nsg) => (id(nsg), "NETWORK_SECURITY_GROUP"),
    };
    let mut facts = vec![(name, peer)];
    if kind != "CIDR_BLOCK" || rule.stateless {
        facts.push((type_name, Fact::Value(json!(kind))));
    }
    if rule.stateless {
        facts.push(("stateless", Fact::Value(json!(true))));
    }
    let is_nsg = rule.layer == Layer::Nsg;
    let ports = |name: &'static str, source: Ports, destination: Ports| {
        let mut options = Facts::new();
        if destination != ALL {
            match is_nsg {
                true => options.push(("destination_port_range", Fact::Blocks(vec![range(destination)]))),
                false => options.extend(range(destination)),
            }
        }
        if source != ALL {
            options.push(("source_port_range", Fact::Blocks(vec![range(source)])));
        }
        (!options.is_empty()).then_some((name, Fact::Blocks(vec![options])))
    };
    let (protocol, options) = match rule.traffic {
        Traffic::All => ("all".to_owned(), None),
        Traffic::Tcp { source, destination } => ("6".to_owned(), ports("tcp_options", source, destination)),
        Traffic::Udp { source, destination } => ("17".to_owned(), ports("udp_options", source, destination)),
        Traffic::Icmp { kind: None, .. } => ("1".to_owned(), None),
        Traffic::Icmp { kind: Some(kind), code } => {
            let mut options = vec![("type", Fact::Value(json!(kind)))];
            options.extend(code.map(|code| ("code", Fact::Value(json!(code)))));
            ("1".to_owned(), Some(("icmp_options", Fact::Blocks(vec![options]))))
        }
        Traffic::Protocol(number) => (number.to_string(), None),
    };
    facts.push(("protocol", Fact::Value(json!(protocol))));
    facts.extend(options);
    facts
}
