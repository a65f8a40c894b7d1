//! The security profiles of a cluster: which rules it brings, and which of its
//! VCN's own it relies on.

use super::tables::{self, Part};
use super::{nsg_rules, security_lists, strict_nsg_rules};
use crate::contract::oke::{API, LB, POD, WORKER};
use crate::role::Role;
use crate::rule::{Baseline, Direction, List, NsgTables, Peer};
use crate::spells::{security_profile, vcn};
use crate::topology::Tier;

#[derive(Debug)]
pub struct Profile {
    /// As a spec names it.
    pub word: &'static str,
    /// What the README says of its NSGs.
    pub note: &'static str,
    pub baseline: &'static Baseline,
    pub lists: &'static [List],
    /// The same, for clusters that do not have all of it, by what it is there for.
    pub apart: &'static [(Part, List)],
    /// These of a cluster whose pods are in an overlay.
    pub flannel: &'static [(Part, List)],
    pub nsgs: &'static [NsgTables],
}

/// The architecture reference's rules, in both layers.
pub static REFERENCE: Profile = Profile {
    word: security_profile::REFERENCE,
    note: "",
    baseline: &vcn::REFERENCE,
    lists: &[
        List::new(Tier::Public, Direction::Ingress, security_lists::PUBLIC_INGRESS),
        List::new(Tier::Public, Direction::Egress, security_lists::PUBLIC_EGRESS),
        List::new(Tier::Private, Direction::Ingress, security_lists::PRIVATE_INGRESS),
        List::new(Tier::Private, Direction::Egress, security_lists::PRIVATE_EGRESS),
    ],
    apart: &tables::APART,
    flannel: &tables::FLANNEL_APART,
    nsgs: &[
        NsgTables::new(&API, nsg_rules::API_INGRESS, nsg_rules::API_EGRESS),
        NsgTables::new(&LB, nsg_rules::LB_INGRESS, nsg_rules::LB_EGRESS),
        NsgTables::new(&WORKER, nsg_rules::WORKER_INGRESS, nsg_rules::WORKER_EGRESS),
        NsgTables::new(&POD, nsg_rules::POD_INGRESS, nsg_rules::POD_EGRESS),
    ],
};

/// What Oracle's pages require, HTTPS to the internet and pods to the secure
/// tier, in the NSGs alone.
pub static STRICT: Profile = Profile {
    word: security_profile::STRICT,
    note: ", which carry the cluster's whole policy (security profile `strict`)",
    baseline: &vcn::STRICT,
    lists: &[],
    apart: &[],
    flannel: &[],
    nsgs: &[
        NsgTables::new(&API, strict_nsg_rules::API_INGRESS, strict_nsg_rules::API_EGRESS),
        NsgTables::new(&LB, strict_nsg_rules::LB_INGRESS, strict_nsg_rules::LB_EGRESS),
        NsgTables::new(&WORKER, strict_nsg_rules::WORKER_INGRESS, strict_nsg_rules::WORKER_EGRESS),
        NsgTables::new(&POD, strict_nsg_rules::POD_INGRESS, strict_nsg_rules::POD_EGRESS),
    ],
};

pub static EVERY: [&Profile; 2] = [&REFERENCE, &STRICT];

impl Profile {
    pub fn named(word: &str) -> Option<&'static Self> {
        EVERY.into_iter().find(|profile| profile.word == word)
    }

    /// Rules of a role's NSG that do not depend on whom the cluster admits.
    pub fn fixed_rules(&self, role: &Role) -> usize {
        let of_role = self.nsgs.iter().filter(|tables| tables.role == role);
        let rows = of_role.flat_map(|tables| tables.ingress.iter().chain(tables.egress.iter()));
        rows.filter(|row| row.peer != Peer::ApiClients).count()
    }
}
