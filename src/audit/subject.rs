//! What there is to audit: a network, its clusters, and what could not be
//! resolved. Plain data.

use super::unplaced::Unplaced;
use crate::prove::Unknown;
use crate::prove::network::Network;
use crate::role::Role;
use std::collections::BTreeMap;

/// What an audit is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    pub network: Network,
    /// In the order of their addresses.
    pub clusters: Vec<Cluster>,
    /// Instances that cloudspells generated, by role.
    pub instances: Vec<Instances>,
    /// VNICs of clusters whose subnet is not known, sorted.
    pub unplaced: Vec<Unplaced>,
    /// The network with all that may be there, where that is more.
    pub widest: Option<Network>,
    /// Everything relevant that could not be resolved, sorted.
    pub unknowns: Vec<Unknown>,
    /// The address of each NSG whose OCID is known, by the OCID.
    pub nsg_ids: BTreeMap<String, String>,
}

impl Subject {
    /// A line for each unplaced role of a cluster, whose flows can't be judged.
    pub fn unjudged(&self) -> Vec<String> {
        self.unplaced.iter().map(Unplaced::line).collect()
    }
}

/// Instances of one spell, or its load balancer, and their groups of VNICs as indices into
/// [`Network::groups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instances {
    /// The word of their role, as their tag has it; in which tier they are, and
    /// whether with public addresses, the network says.
    pub role: &'static str,
    /// The spell that has them, by its module and its name.
    pub owner: String,
    /// What their tag says that was asked for.
    pub needs: Option<String>,
    pub groups: Vec<usize>,
}

/// An OKE cluster, and its groups of VNICs as indices into [`Network::groups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The name in its spec, where cloudspells generated it, with its module in
    /// front where several have that name; else its address.
    pub name: String,
    pub address: String,
    /// Whether cloudspells generated it, by its tags.
    pub is_generated: bool,
    pub pod_networking: PodNetworking,
    /// Whether some of its nodes are virtual ones.
    pub has_virtual_nodes: bool,
    /// The roles whose NSG the user named.
    pub mapped: Vec<&'static Role>,
    /// What its tag says that it was asked for.
    pub needs: Option<String>,
    /// Of each role, in the order of [`oke::ALL`](crate::contract::oke::ALL).
    pub vnics: Vec<(&'static Role, Vec<usize>)>,
}

impl Cluster {
    /// The groups of its VNICs that have a role.
    pub fn of(&self, role: &Role) -> &[usize] {
        self.vnics.iter().find(|(other, _)| *other == role).map(|(_, groups)| groups.as_slice()).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodNetworking {
    /// Pods have VNICs and addresses of the VCN.
    VcnNative,
    /// Pods are hidden behind their worker's address.
    Overlay,
}
