//! What there is to audit: a network, its clusters, and what is not known of
//! them. Plain data.

use super::unplaced::Unplaced;
use crate::prove::network::Network;
use serde::Serialize;

/// What an audit is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    pub network: Network,
    /// In the order of their addresses.
    pub clusters: Vec<Cluster>,
    /// What the clusters have but what has no place, sorted.
    pub unplaced: Vec<Unplaced>,
    /// Everything that matters and could not be resolved, sorted.
    pub unresolved: Vec<Unresolved>,
}

impl Subject {
    /// A line for each thing that clusters have and that could not be judged:
    /// whatever is proven of the rest, nothing is of this.
    pub fn unjudged(&self) -> Vec<String> {
        self.unplaced.iter().map(Unplaced::line).collect()
    }
}

/// An OKE cluster, and the groups of VNICs that it has, by their places in
/// [`Network::groups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The name in its spec, where cloudspells generated it, with its module in
    /// front where several have that name; else its address.
    pub name: String,
    pub address: String,
    /// Whether cloudspells generated it, by its tags.
    pub is_generated: bool,
    pub pod_networking: PodNetworking,
    pub api: Vec<usize>,
    pub lb: Vec<usize>,
    pub worker: Vec<usize>,
    pub pod: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodNetworking {
    /// Pods have VNICs and addresses of the VCN.
    VcnNative,
    /// Pods are hidden behind their worker's address.
    Overlay,
}

/// Something that matters and is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unresolved {
    /// The resource.
    pub address: String,
    /// The path of the attribute in it, such as `route_rules[0].destination`.
    pub attribute: String,
    /// What is not known about it, and what follows from that.
    pub why: String,
    /// Whether it is a list that is taken to be all that it names, which the
    /// module's text would make certain.
    #[serde(skip)]
    pub is_as_named: bool,
}
