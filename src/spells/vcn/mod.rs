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
#[rustfmt::skip]
mod strict_baseline;

pub use model::{draw, flows as tier_flows};

use super::identity::Identity;
use super::{Check, Kind, Repeat, Section, Sketch, Spell, security_profile};
use crate::contract;
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::rule::{Baseline, Direction, List};
use crate::spec::cidr::private_cidr;
use crate::spec::value::dns_label;
use crate::spec::{BlockReader, Field};
use crate::topology::{self, Draft, Name, OwnBaseline, Tier, Topology, limits};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

pub const KIND: Kind = Kind { block_type: "vcn", has_prose_label: false, has_vnics: false, read };

/// Where the spec does not say: 16,384 addresses.
const DEFAULT_CIDR: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 0, 0, 0), 18);

/// What the architecture reference opens before any workload is there.
pub static REFERENCE: Baseline = Baseline {
    word: security_profile::REFERENCE,
    lists: &[
        List::new(Tier::Public, Direction::Ingress, baseline::PUBLIC_INGRESS),
        List::new(Tier::Public, Direction::Egress, baseline::PUBLIC_EGRESS),
        List::new(Tier::Private, Direction::Ingress, baseline::PRIVATE_INGRESS),
        List::new(Tier::Private, Direction::Egress, baseline::PRIVATE_EGRESS),
        List::new(Tier::Secure, Direction::Ingress, baseline::SECURE_INGRESS),
        List::new(Tier::Secure, Direction::Egress, baseline::SECURE_EGRESS),
        List::new(Tier::Management, Direction::Ingress, baseline::MANAGEMENT_INGRESS),
        List::new(Tier::Management, Direction::Egress, baseline::MANAGEMENT_EGRESS),
    ],
};

/// What is left of it for workloads whose NSGs carry their whole policy.
pub static STRICT: Baseline = Baseline {
    word: security_profile::STRICT,
    lists: &[
        List::new(Tier::Public, Direction::Ingress, strict_baseline::PUBLIC_INGRESS),
        List::new(Tier::Public, Direction::Egress, strict_baseline::PUBLIC_EGRESS),
        List::new(Tier::Private, Direction::Ingress, strict_baseline::PRIVATE_INGRESS),
        List::new(Tier::Private, Direction::Egress, strict_baseline::PRIVATE_EGRESS),
        List::new(Tier::Secure, Direction::Ingress, strict_baseline::SECURE_INGRESS),
        List::new(Tier::Secure, Direction::Egress, strict_baseline::SECURE_EGRESS),
        List::new(Tier::Management, Direction::Ingress, strict_baseline::MANAGEMENT_INGRESS),
        List::new(Tier::Management, Direction::Egress, strict_baseline::MANAGEMENT_EGRESS),
    ],
};

struct Vcn {
    /// None where the spec's is wrong; then nothing is built.
    cidr: Option<Ipv4Net>,
    dns_label: String,
    /// How much its security lists open, where the spec says it.
    security_profile: Option<At<&'static str>>,
    identity: Identity,
}

fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let cidr = reader.defaulted("cidr_block", DEFAULT_CIDR, cidr_block);
    let dns_label = reader.optional("dns_label", dns_label);
    let security_profile = reader.optional("security_profile", security_profile::read);
    let identity = Identity::read(reader, contract::VCN);
    Some(Box::new(Vcn {
        dns_label: dns_label.map_or_else(|| identity.name.value.dns_label(), |at| at.value),
        cidr: cidr.map(|at| at.value),
        security_profile,
        identity,
    }))
}

impl Vcn {
    const fn name(&self) -> &Name {
        &self.identity.name.value
    }
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
    fn identity(&self) -> Option<&Identity> {
        Some(&self.identity)
    }

    fn add_networks(&self, draft: &mut Draft<'_>) {
        let said = self.security_profile.as_ref();
        let word = draft.assumed_profile().or(said.map(|at| at.value));
        let own = OwnBaseline {
            baseline: if word == Some(STRICT.word) { &STRICT } else { &REFERENCE },
            said: said.map(|at| at.span.clone()),
        };
        draft.add_vcn(&self.identity.name, self.identity.compartment_text(), self.cidr, own);
    }

    fn network<'a>(&self, topology: &'a Topology) -> Option<&'a topology::Vcn> {
        topology.vcn(self.name())
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        if let Some(network) = self.network(topology) {
            resources::build(self, network, graph);
            security_lists::build(self, network, graph);
        }
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        self.network(topology).map(|network| describe::checks(self, network)).unwrap_or_default()
    }

    fn section(&self, topology: &Topology) -> Option<Section> {
        self.network(topology).map(|network| describe::section(self, network))
    }

    fn repeats(&self) -> Vec<Repeat> {
        let cidr = self.cidr.map(|cidr| cidr.to_string()).unwrap_or_default();
        vec![Repeat {
            what: "the address space and the names of a VCN",
            value: format!("{}-vcn, {cidr}", self.name()),
            consequence: "two VCNs with the same addresses can't be peered",
            breaks: false,
        }]
    }

    fn flows(&self, _: &Topology, sketch: &mut Sketch) {
        model::add_flows(self.name(), sketch);
    }
}
