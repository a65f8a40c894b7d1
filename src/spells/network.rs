//! The parts of the network that several spells refer to, by address.

use crate::graph::{Address, Step, Value};
use crate::rule::Direction;
use crate::topology::{Name, NsgId, Rule, Tier};

pub fn vcn(name: &Name) -> Address {
    Address::Resource("oci_core_vcn", name.identifier())
}

pub fn subnet(vcn: &Name, tier: Tier) -> Address {
    of_tier("oci_core_subnet", vcn, tier)
}

/// A resource that a VCN has once in each tier.
pub fn of_tier(kind: &'static str, vcn: &Name, tier: Tier) -> Address {
    Address::Resource(kind, format!("{}_{}", vcn.identifier(), tier.word()))
}

/// The one gateway of a kind that a VCN has.
pub fn gateway(kind: &'static str, vcn: &Name) -> Address {
    Address::Resource(kind, vcn.identifier())
}

pub fn nsg(nsg: &NsgId) -> Address {
    let NsgId { owner, role } = nsg;
    Address::Resource("oci_core_network_security_group", format!("{}_{}", owner.identifier(), role.word))
}

pub fn nsg_rule(nsg: &NsgId, direction: Direction, rule: &Rule) -> Address {
    let NsgId { owner, role } = nsg;
    let name = format!("{}_{}_{}", owner.identifier(), role.word, rule.slug(owner, direction));
    Address::Resource("oci_core_network_security_group_security_rule", name)
}

/// The region's OCI services, looked up once for the stack.
pub fn services() -> Address {
    Address::Data("oci_core_services", "all".to_owned())
}

/// The one entry that stands for all services: its id, or its CIDR label.
pub fn all_services(attribute: &'static str) -> Value {
    services().path([Step::Attribute("services"), Step::Index(0), Step::Attribute(attribute)])
}
