//! The spells, in the order in which they are built. A new one is a folder
//! here and a line in [`KINDS`].

mod describe;
mod identity;
mod network;
mod oke_cluster;
mod rule_body;
mod security_rule;
mod vcn;

pub use describe::{Check, Owner, Row, Section, Table};
pub use identity::COMPARTMENT;
pub use oke_cluster::CLUSTER_FLOWS;
pub use vcn::tier_flows;

use crate::diagnostic::{At, Diagnostics};
use crate::graph::{Address, Graph};
use crate::prove::Sketch;
use crate::spec::{self, VariableUse};
use crate::topology::{Draft, Name, Topology};

pub type Kind = spec::Kind<Box<dyn Spell>>;

/// A spec of these spells.
pub type Spec = spec::Spec<Box<dyn Spell>>;

/// Every spell. What a later one refers to stands before it.
pub const KINDS: &[Kind] = &[vcn::KIND, oke_cluster::KIND];

/// One block of a spec: its two phases, and its documentation and tests.
pub trait Spell {
    fn name(&self) -> &At<Name>;

    /// The variables that its pass-through expressions name.
    fn variables(&self) -> Vec<&VariableUse>;

    /// Whether `var.compartment_ocid` stands in its resources.
    fn needs_compartment(&self) -> bool;

    /// Phase one: adds networks, rules and demands. Of what others added it
    /// sees names and CIDRs, to check them, and no rule.
    fn contribute(&self, draft: &mut Draft, diagnostics: &mut Diagnostics);

    /// Phase two: adds resources and outputs for the finished network.
    fn build(&self, topology: &Topology, graph: &mut Graph);

    /// Resources that its checks must be able to tell apart: a mock gives
    /// several resources the same id.
    fn landmarks(&self) -> Vec<Address>;

    /// What the generated `tofu test` asserts.
    fn checks(&self, topology: &Topology) -> Vec<Check>;

    /// What the generated README says.
    fn section(&self, topology: &Topology) -> Option<Section>;

    /// Phase two, for the prover: adds networks, groups of VNICs, and the
    /// flows that must pass.
    fn model(&self, topology: &Topology, sketch: &mut Sketch);
}
