//! The `vcn` spell: a VCN with its gateways, four tiers and their security
//! lists. Knows no other spell.

#[rustfmt::skip]
mod baseline;
mod describe;
#[rustfmt::skip]
mod flows;
mod model;
mod resources;
mod security_lists;

pub use model::flows as tier_flows;

use super::identity::Identity;
use super::network::subnet;
use super::{Check, Kind, Section, Spell};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::graph::{Address, Graph};
use crate::prove::Sketch;
use crate::rule::{Direction, Rule};
use crate::spec::cidr::private_cidr;
use crate::spec::value::dns_label;
use crate::spec::{BlockReader, Field, VariableUse};
use crate::topology::{Draft, Name, Tier, Topology, limits};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

pub const KIND: Kind = Kind { block_type: "vcn", read };

/// Where the spec does not say: 16,384 addresses.
const DEFAULT_CIDR: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 0, 0, 0), 18);

struct Vcn {
    name: At<Name>,
    /// None where the spec's is wrong; then nothing is built.
    cidr: Option<Ipv4Net>,
    dns_label: String,
    identity: Identity,
}

fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let name = reader.name();
    let default = Ipv4Net::new(DEFAULT_CIDR.0, DEFAULT_CIDR.1).unwrap_or_default();
    let cidr = reader.defaulted("cidr_block", default, cidr_block);
    let dns_label = reader.optional("dns_label", dns_label);
    let identity = Identity::read(reader, "vcn");
    Some(Box::new(Vcn {
        dns_label: dns_label.map_or_else(|| name.value.dns_label(), |at| at.value),
        name,
        cidr: cidr.map(|at| at.value),
        identity,
    }))
}

/// Private address space from /16 to /24.
fn cidr_block(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<Ipv4Net> {
    let cidr = private_cidr(false, "\"10.0.0.0/18\"")(field, diagnostics);
    // A block that reaches out of private space may do so for its size alone.
    let prefix = cidr?.prefix_len();
    if limits::VCN_PREFIXES.contains(&prefix) {
        return cidr;
    }
    let label = if prefix < 16 { "OCI takes /16 at most" } else { "too small to be cut into four useful tiers" };
    diagnostics.push(
        Diagnostic::error(field.span.clone(), format!("{} of {} can't be a /{prefix}", field.subject, field.owner))
            .label(label)
            .help("take a /16 to a /24; a /18 has 16384 addresses"),
    );
    None
}

impl Spell for Vcn {
    fn name(&self) -> &At<Name> {
        &self.name
    }

    fn variables(&self) -> Vec<&VariableUse> {
        self.identity.uses.iter().collect()
    }

    fn needs_compartment(&self) -> bool {
        self.identity.needs_compartment()
    }

    fn contribute(&self, draft: &mut Draft, _: &mut Diagnostics) {
        draft.add_vcn(self.name.clone(), self.cidr);
        let tables: [(Tier, &[Rule], &[Rule]); 4] = [
            (Tier::Public, baseline::PUBLIC_INGRESS, baseline::PUBLIC_EGRESS),
            (Tier::Private, baseline::PRIVATE_INGRESS, baseline::PRIVATE_EGRESS),
            (Tier::Secure, baseline::SECURE_INGRESS, baseline::SECURE_EGRESS),
            (Tier::Management, baseline::MANAGEMENT_INGRESS, baseline::MANAGEMENT_EGRESS),
        ];
        for (tier, ingress, egress) in tables {
            draft.add_rules(&self.name.value, tier, Direction::Ingress, ingress.iter().copied());
            draft.add_rules(&self.name.value, tier, Direction::Egress, egress.iter().copied());
        }
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        if let Some(network) = topology.vcn(&self.name.value) {
            resources::build(self, network, graph);
            security_lists::build(self, network, graph);
        }
    }

    fn landmarks(&self) -> Vec<Address> {
        Tier::EVERY.map(|tier| subnet(&self.name.value, tier)).into()
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        topology.vcn(&self.name.value).map(|network| describe::checks(self, network)).unwrap_or_default()
    }

    fn section(&self, topology: &Topology) -> Option<Section> {
        topology.vcn(&self.name.value).map(|network| describe::section(self, network))
    }

    fn model(&self, topology: &Topology, sketch: &mut Sketch) {
        if let Some(network) = topology.vcn(&self.name.value) {
            model::add(self, network, sketch);
        }
    }
}
