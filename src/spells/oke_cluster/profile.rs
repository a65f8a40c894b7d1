//! The security profiles of a cluster: which rules it brings, and which of its
//! VCN's own it relies on.

use super::cni::Cni;
use super::{flannel_rules, nsg_rules, security_lists, strict_nsg_rules};
use crate::contract::oke::{API, LB, POD, WORKER};
use crate::role::Role;
use crate::rule::{Baseline, Direction, List, NsgTables, Peer};
use crate::spells::vcn;
use crate::topology::Tier;

#[derive(Debug)]
pub struct Profile {
    /// As a spec names it.
    pub word: &'static str,
    /// What the README says of its NSGs.
    pub note: &'static str,
    pub baseline: &'static Baseline,
    lists: &'static [List],
    nsgs: &'static [NsgTables],
    /// What it adds to the lists where pods are in an overlay.
    flannel_lists: &'static [List],
}

/// The NSGs of a cluster whose pods are in an overlay, in either profile.
static FLANNEL_NSGS: [NsgTables; 3] = [
    NsgTables { role: &API, ingress: flannel_rules::API_INGRESS, egress: flannel_rules::API_EGRESS },
    NsgTables { role: &LB, ingress: flannel_rules::LB_INGRESS, egress: flannel_rules::LB_EGRESS },
    NsgTables { role: &WORKER, ingress: flannel_rules::WORKER_INGRESS, egress: flannel_rules::WORKER_EGRESS },
];

/// The architecture reference's rules, in both layers.
pub static REFERENCE: Profile = Profile {
    word: "reference",
    note: "",
    baseline: &vcn::REFERENCE,
    lists: &[
        List::new(Tier::Public, Direction::Ingress, security_lists::PUBLIC_INGRESS),
        List::new(Tier::Public, Direction::Egress, security_lists::PUBLIC_EGRESS),
        List::new(Tier::Private, Direction::Ingress, security_lists::PRIVATE_INGRESS),
        List::new(Tier::Private, Direction::Egress, security_lists::PRIVATE_EGRESS),
    ],
    nsgs: &[
        NsgTables { role: &API, ingress: nsg_rules::API_INGRESS, egress: nsg_rules::API_EGRESS },
        NsgTables { role: &LB, ingress: nsg_rules::LB_INGRESS, egress: nsg_rules::LB_EGRESS },
        NsgTables { role: &WORKER, ingress: nsg_rules::WORKER_INGRESS, egress: nsg_rules::WORKER_EGRESS },
        NsgTables { role: &POD, ingress: nsg_rules::POD_INGRESS, egress: nsg_rules::POD_EGRESS },
    ],
    flannel_lists: &[
        List::new(Tier::Public, Direction::Ingress, security_lists::PUBLIC_INGRESS),
        List::new(Tier::Public, Direction::Egress, flannel_rules::PUBLIC_EGRESS),
        List::new(Tier::Private, Direction::Ingress, flannel_rules::PRIVATE_INGRESS),
        List::new(Tier::Private, Direction::Egress, security_lists::PRIVATE_EGRESS),
    ],
};

/// What Oracle's pages require, HTTPS to the internet and pods to the secure
/// tier, in the NSGs alone.
pub static STRICT: Profile = Profile {
    word: "strict",
    note: ", which carry the cluster's whole policy (security profile `strict`)",
    baseline: &vcn::STRICT,
    lists: &[],
    nsgs: &[
        NsgTables { role: &API, ingress: strict_nsg_rules::API_INGRESS, egress: strict_nsg_rules::API_EGRESS },
        NsgTables { role: &LB, ingress: strict_nsg_rules::LB_INGRESS, egress: strict_nsg_rules::LB_EGRESS },
        NsgTables { role: &WORKER, ingress: strict_nsg_rules::WORKER_INGRESS, egress: strict_nsg_rules::WORKER_EGRESS },
        NsgTables { role: &POD, ingress: strict_nsg_rules::POD_INGRESS, egress: strict_nsg_rules::POD_EGRESS },
    ],
    flannel_lists: &[],
};

pub static EVERY: [&Profile; 2] = [&REFERENCE, &STRICT];

impl Profile {
    pub fn named(word: &str) -> Option<&'static Self> {
        EVERY.into_iter().find(|profile| profile.word == word)
    }

    /// What it adds to the security lists of the VCN.
    pub const fn lists(&self, cni: Cni) -> &'static [List] {
        match cni {
            Cni::VcnNative => self.lists,
            Cni::Flannel => self.flannel_lists,
        }
    }

    pub const fn nsgs(&self, cni: Cni) -> &'static [NsgTables] {
        match cni {
            Cni::VcnNative => self.nsgs,
            Cni::Flannel => &FLANNEL_NSGS,
        }
    }

    /// Rules of a role's NSG that do not depend on whom the cluster admits.
    pub fn fixed_rules(&self, role: &Role) -> usize {
        let of_role = self.nsgs.iter().filter(|tables| tables.role == role);
        let rows = of_role.flat_map(|tables| tables.ingress.iter().chain(tables.egress));
        rows.filter(|row| row.peer != Peer::ApiClients).count()
    }
}
