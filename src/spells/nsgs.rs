//! Network security groups, whatever spell has them: their resources and
//! rules, what the generated test asserts of them, their tables, and their
//! VNICs for the prover. All of it follows from the topology.

use super::identity::Identity;
use super::network::{nsg, nsg_rule, subnet, vcn};
use super::rule_body::rule_body;
use super::security_rule::security_rule;
use super::sketch::{Place, Sketch};
use super::{Check, Owner, Spell, Table};
use crate::contract;
use crate::graph::{Address, Body, Graph, Value};
use crate::prove::network::{Group, GroupKind};
use crate::rule::{ANYWHERE, Direction, Layer};
use crate::topology::{Home, Nsg, Peer, Rule, Tier, Topology};

/// The NSGs of a spell, in the order of its tables.
pub fn of<'a>(spell: &dyn Spell, topology: &'a Topology) -> &'a [Nsg] {
    spell.home(topology).map(|home| home.nsgs).unwrap_or_default()
}

/// The address of each rule, in table order.
pub fn rule_addresses(nsgs: &[Nsg]) -> impl Iterator<Item = Address> {
    nsgs.iter().flat_map(|nsg| nsg.rules().map(|(direction, rule)| nsg_rule(&nsg.id, direction, rule)))
}

pub fn build(identity: &Identity, home: Home<'_>, graph: &mut Graph) {
    let origin = &identity.name.span;
    for group in home.nsgs {
        let name = contract::nsg_display_name(identity.name.value.as_str(), group.id.role);
        let body = Body::default()
            .attribute("compartment_id", identity.compartment())
            .attribute("vcn_id", vcn(home.vcn.name()).attribute("id"))
            .attribute("display_name", Value::String(name));
        graph.add("nsgs.tf", nsg(&group.id), origin, identity.tagged(body, &[]));
        for (direction, rule) in group.rules() {
            let start = Body::default().attribute("network_security_group_id", nsg(&group.id).attribute("id"));
            let body = rule_body(start, rule, direction, Layer::Nsg);
            graph.add("nsg_rules.tf", nsg_rule(&group.id, direction, rule), origin, body);
        }
    }
}

/// That the VNICs which have no public address stay closed to the internet.
pub fn checks(identity: &Identity, nsgs: &[Nsg]) -> Vec<Check> {
    let name = &identity.name.value;
    let is_open = |rule: &Rule| matches!(rule.peer, Peer::Cidr(ANYWHERE, _));
    nsgs.iter()
        .filter(|group| !group.id.role.public_ip && !group.ingress.is_empty() && !group.ingress.iter().any(is_open))
        .map(|group| {
            let source = |rule| nsg_rule(&group.id, Direction::Ingress, rule).attribute("source");
            let sources = Value::Lines(group.ingress.iter().map(source).collect());
            Check {
                condition: Value::Call("contains", vec![sources, ANYWHERE.to_string().as_str().into()])
                    .equals(Value::Bool(false)),
                message: format!("The {} NSG of {name} admits the internet.", group.id.role.word),
            }
        })
        .collect()
}

pub fn tables(identity: &Identity, nsgs: &[Nsg]) -> Vec<Table> {
    let name = &identity.name.value;
    let tables = nsgs.iter().flat_map(|group| {
        let owner = Owner {
            spell: name,
            layer: Layer::Nsg,
            name: contract::nsg_display_name(name.as_str(), group.id.role),
            address: nsg(&group.id),
            rule: &|direction, rule| Some(nsg_rule(&group.id, direction, rule)),
        };
        [owner.table(Direction::Ingress, &group.ingress), owner.table(Direction::Egress, &group.egress)]
    });
    tables.collect()
}

/// The name of an NSG's VNICs in a tier.
pub fn group_name(group: &Nsg, home: Home<'_>, tier: Tier) -> String {
    let whole = contract::role_group(group.id.owner.as_str(), group.id.role);
    if group.tiers.len() == 1 {
        return whole;
    }
    contract::part_of_group(&whole, &contract::tier_group(home.vcn.name().as_str(), tier.word()))
}

/// Adds the rules of a spell's NSGs, and the VNICs that are in them.
pub fn draw(home: Home<'_>, sketch: &mut Sketch) {
    let key = |group: &Nsg| nsg(&group.id).to_string();
    for group in home.nsgs {
        let rules = group.rules().map(|(direction, rule)| {
            security_rule(Layer::Nsg, nsg_rule(&group.id, direction, rule).to_string(), direction, rule)
        });
        sketch.model.network.nsgs.insert(key(group), rules.collect());
    }
    for group in home.nsgs {
        let (role, vcn) = (group.id.role, home.vcn.name());
        for tier in &group.tiers {
            let vnics = Group {
                name: group_name(group, home, *tier),
                kind: GroupKind::Role,
                subnet: subnet(vcn, *tier).to_string(),
                addresses: vec![tier.subnet_of(home.network.cidr)],
                nsgs: vec![key(group)],
                public_ip: role.public_ip,
                fronts: Vec::new(),
                candidate_of: None,
            };
            sketch.add_group(Place::Nsg(group.id.clone()), *tier, vnics);
        }
    }
}
