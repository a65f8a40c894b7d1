//! The spells, in the order in which they are built. A new one is a folder
//! here and a line in [`KINDS`].

mod allow;
mod allowed;
mod compute_instance;
mod describe;
mod identity;
mod instances;
mod mock;
mod network;
mod nsgs;
mod oke_cluster;
mod ports;
mod relations;
mod rule_body;
mod scalable_workload;
mod security_profile;
mod security_rule;
mod sketch;
mod vcn;

pub use allowed::check_routes;
pub use compute_instance::flows as instance_flows;
pub use describe::{Check, Growing, Owner, Repeat, Row, Runbook, Section, Table};
pub use identity::{COMPARTMENT, Identity};
pub use mock::{Mock, MockField, MockItem};
pub use oke_cluster::{Needs, client_flows, cluster_flows};
pub use scalable_workload::{Needs as WorkloadNeeds, workload_flows};
pub use sketch::{Sketch, as_far_as_tiers_go};
pub use vcn::tier_flows;

use crate::diagnostic::Diagnostics;
use crate::graph::{Address, Graph};
use crate::prove::Model;
use crate::spec::{self, VariableUse};
use crate::topology::{Draft, Home, Topology, Vcn};

pub type Kind = spec::Kind<Box<dyn Spell>>;

/// Every spell, in the order of its blocks in the files.
pub const KINDS: &[Kind] =
    &[vcn::KIND, oke_cluster::KIND, compute_instance::KIND, scalable_workload::KIND, allow::KIND];

/// One block of a spec, from its two phases to what is said about it. What
/// follows from its NSGs (resources, checks, tables, groups for the prover) is
/// made of the topology: see [`nsgs`].
pub trait Spell {
    /// None of what makes no resource.
    fn identity(&self) -> Option<&Identity>;

    /// The variables that its pass-through expressions name.
    fn variables(&self) -> Vec<&VariableUse> {
        self.identity().into_iter().flat_map(|identity| &identity.uses).collect()
    }

    /// Begins phase one: adds the networks that others will be in.
    fn add_networks(&self, _draft: &mut Draft<'_>) {}

    /// Phase one: adds rules and demands to the networks.
    fn contribute(&self, _draft: &mut Draft<'_>, _diagnostics: &mut Diagnostics) {}

    /// Ends phase one: judges what goes together, once every spell has
    /// contributed. Sees names, CIDRs and who shares a VCN, and no rule.
    fn review(&self, _draft: &Draft<'_>, _diagnostics: &mut Diagnostics) {}

    /// Phase two: where its VNICs are, if it has any.
    fn home<'a>(&self, _topology: &'a Topology) -> Option<Home<'a>> {
        None
    }

    /// Phase two: the network that it is, if it is one.
    fn network<'a>(&self, _topology: &'a Topology) -> Option<&'a Vcn> {
        None
    }

    /// Phase two: adds resources and outputs for the finished network.
    fn build(&self, topology: &Topology, graph: &mut Graph);

    /// What the generated `tofu test` asserts.
    fn checks(&self, _topology: &Topology) -> Vec<Check> {
        Vec::new()
    }

    /// Shell scripts that its resources read, by name: those of one name are one.
    fn scripts(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Files of the user's that its resources read, by their path in the module.
    fn files(&self) -> Vec<&str> {
        Vec::new()
    }

    /// What its data sources answer in the generated `tofu test`.
    fn mocks(&self) -> Vec<Mock> {
        Vec::new()
    }

    /// What the generated README says.
    fn section(&self, topology: &Topology) -> Option<Section>;

    /// Sizes that OCI lets grow and never shrink.
    fn growing(&self) -> Vec<Growing> {
        Vec::new()
    }

    /// What a module that is called twice has twice.
    fn repeats(&self) -> Vec<Repeat> {
        Vec::new()
    }

    /// Phase two, for the prover: adds the flows that must pass.
    fn flows(&self, _topology: &Topology, _sketch: &mut Sketch) {}
}

/// All blocks of a spell: its tags, its NSGs', then its own.
pub fn build(spell: &dyn Spell, topology: &Topology, graph: &mut Graph) {
    if let Some(identity) = spell.identity() {
        identity.build(graph);
        if let Some(home) = spell.home(topology) {
            nsgs::build(identity, home, graph);
        }
    }
    spell.build(topology, graph);
}

/// Resources that the checks must be able to tell apart: a mock gives several
/// resources the same id.
pub fn landmarks(spell: &dyn Spell, topology: &Topology) -> Vec<Address> {
    let Some(identity) = spell.identity() else { return Vec::new() };
    let name = &identity.name.value;
    let subnets = spell.network(topology).into_iter().flat_map(|vcn| &vcn.subnets);
    let subnets = subnets.map(|subnet| network::subnet(name, subnet.tier));
    subnets.chain(nsgs::of(spell, topology).iter().map(|nsg| network::nsg(&nsg.id))).collect()
}

/// All assertions about a spell.
pub fn checks(spell: &dyn Spell, topology: &Topology) -> Vec<Check> {
    let mut checks =
        spell.identity().map(|identity| nsgs::checks(identity, nsgs::of(spell, topology))).unwrap_or_default();
    checks.extend(spell.checks(topology));
    checks
}

/// A spell's part of the README, with the tables of its NSGs.
pub fn section(spell: &dyn Spell, topology: &Topology) -> Option<Section> {
    let mut section = spell.section(topology)?;
    section
        .tables
        .extend(spell.identity().into_iter().flat_map(|identity| nsgs::tables(identity, nsgs::of(spell, topology))));
    Some(section)
}

/// What the prover works on.
pub fn model(spells: &[Box<dyn Spell>], topology: &Topology) -> Model {
    let mut sketch = Sketch::new(topology);
    for spell in spells {
        spell.flows(topology, &mut sketch);
    }
    allowed::add_flows(topology, &mut sketch);
    sketch.model
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Source;

    /// The finished network and its model, as text.
    fn finished(kinds: &[Kind]) -> Option<String> {
        let second = "vcn \"other\" {\n  cidr_block = \"10.9.0.0/18\"\n}\n";
        let source = Source::file("test.hcl", crate::DEFAULT_SPEC.to_owned() + second);
        let mut diagnostics = Diagnostics::default();
        let spec = crate::module::Spec::parse(&source, kinds, &crate::module::SETTING, &mut diagnostics)?;
        let mut draft = Draft::new(&spec.symbols, None);
        spec.spells.iter().for_each(|spell| spell.add_networks(&mut draft));
        spec.spells.iter().for_each(|spell| spell.contribute(&mut draft, &mut diagnostics));
        spec.spells.iter().for_each(|spell| spell.review(&draft, &mut diagnostics));
        let topology = draft.finalize(&mut diagnostics);
        assert!(diagnostics.iter().next().is_none(), "{diagnostics:?}");
        let mut flows = model(&spec.spells, &topology);
        flows.flows.sort_by_key(|flow| format!("{flow:?}"));
        assert!(!flows.flows.is_empty());
        Some(format!("{topology:#?}\n{flows:#?}"))
    }

    #[test]
    fn the_order_of_kinds_decides_only_the_order_of_blocks() {
        let as_they_are = finished(KINDS);
        assert!(as_they_are.is_some());
        assert_eq!(finished(&[oke_cluster::KIND, vcn::KIND]), as_they_are);
    }
}
