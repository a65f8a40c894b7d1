//! Which rows of the tables a cluster has, and who is meant by their roles: its
//! profile says so, and its options.

use super::cni::Cni;
use super::endpoint::Endpoint;
use super::profile::Profile;
use super::security_lists_apart as apart;
use super::{OkeCluster, flannel_rules, virtual_rules};
use crate::contract::oke::{API, LB, POD, WORKER};
use crate::role::Role;
use crate::rule::{Direction, List, NsgTables, Peer, Row};
use crate::topology::Tier;

/// What some rows of security lists are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Nodes,
    Endpoint(Endpoint),
    PublicBalancers,
}

const PUBLIC: Part = Part::Endpoint(Endpoint::Public);
const PRIVATE: Part = Part::Endpoint(Endpoint::Private);

/// The lists of the reference profile, by what they are there for.
pub static APART: [(Part, List); 10] = [
    (PUBLIC, List::new(Tier::Public, Direction::Ingress, apart::PUBLIC_API_PUBLIC_INGRESS)),
    (Part::PublicBalancers, List::new(Tier::Public, Direction::Ingress, apart::PUBLIC_LB_PUBLIC_INGRESS)),
    (PUBLIC, List::new(Tier::Public, Direction::Egress, apart::PUBLIC_API_PUBLIC_EGRESS)),
    (Part::PublicBalancers, List::new(Tier::Public, Direction::Egress, apart::PUBLIC_LB_PUBLIC_EGRESS)),
    (PUBLIC, List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_API_PRIVATE_INGRESS)),
    (PRIVATE, List::new(Tier::Private, Direction::Ingress, apart::PRIVATE_API_PRIVATE_INGRESS)),
    (Part::PublicBalancers, List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_LB_PRIVATE_INGRESS)),
    (Part::Nodes, List::new(Tier::Private, Direction::Egress, apart::NODES_PRIVATE_EGRESS)),
    (PUBLIC, List::new(Tier::Private, Direction::Egress, apart::PUBLIC_API_PRIVATE_EGRESS)),
    (PRIVATE, List::new(Tier::Private, Direction::Egress, apart::PRIVATE_API_PRIVATE_EGRESS)),
];

/// The same where pods are in an overlay.
pub static FLANNEL_APART: [(Part, List); 10] = [
    (PUBLIC, List::new(Tier::Public, Direction::Ingress, apart::PUBLIC_API_PUBLIC_INGRESS)),
    (Part::PublicBalancers, List::new(Tier::Public, Direction::Ingress, apart::PUBLIC_LB_PUBLIC_INGRESS)),
    (PUBLIC, List::new(Tier::Public, Direction::Egress, flannel_rules::PUBLIC_API_PUBLIC_EGRESS)),
    (Part::PublicBalancers, List::new(Tier::Public, Direction::Egress, apart::PUBLIC_LB_PUBLIC_EGRESS)),
    (PUBLIC, List::new(Tier::Private, Direction::Ingress, flannel_rules::PUBLIC_API_PRIVATE_INGRESS)),
    (PRIVATE, List::new(Tier::Private, Direction::Ingress, flannel_rules::PRIVATE_API_PRIVATE_INGRESS)),
    (Part::PublicBalancers, List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_LB_PRIVATE_INGRESS)),
    (Part::Nodes, List::new(Tier::Private, Direction::Egress, apart::NODES_PRIVATE_EGRESS)),
    (PUBLIC, List::new(Tier::Private, Direction::Egress, apart::PUBLIC_API_PRIVATE_EGRESS)),
    (PRIVATE, List::new(Tier::Private, Direction::Egress, flannel_rules::PRIVATE_API_PRIVATE_EGRESS)),
];

/// The NSGs of a cluster whose pods are in an overlay, in either profile.
static FLANNEL_NSGS: [NsgTables; 3] = [
    NsgTables::new(&API, flannel_rules::API_INGRESS, flannel_rules::API_EGRESS),
    NsgTables::new(&LB, flannel_rules::LB_INGRESS, flannel_rules::LB_EGRESS),
    NsgTables::new(&WORKER, flannel_rules::WORKER_INGRESS, flannel_rules::WORKER_EGRESS),
];

/// What the NSGs of a cluster with virtual nodes have beyond the profile's.
static VIRTUAL_NSGS: [NsgTables; 4] = [
    NsgTables::new(&API, &[], virtual_rules::API_EGRESS),
    NsgTables::new(&LB, &[], virtual_rules::LB_EGRESS),
    NsgTables::new(&WORKER, virtual_rules::WORKER_INGRESS, &[]),
    NsgTables::new(&POD, virtual_rules::POD_INGRESS, &[]),
];

impl OkeCluster {
    /// The role that a row's role is here.
    pub fn role(&self, role: &'static Role) -> &'static Role {
        if *role == API { self.endpoint.role() } else { role }
    }

    /// What it adds to its VCN's security lists.
    pub fn lists(&self, profile: &Profile) -> Vec<List> {
        let parts = [Part::Nodes, Part::Endpoint(self.endpoint), Part::PublicBalancers];
        let every = match (self.cni.value, self.endpoint) {
            (Cni::VcnNative, Endpoint::Public) => return profile.lists.to_vec(),
            (Cni::VcnNative, Endpoint::Private) => profile.apart,
            (Cni::Flannel, _) => profile.flannel,
        };
        let needed = every.iter().filter(|(part, _)| parts.contains(part));
        needed.map(|(_, list)| list.clone()).collect()
    }

    /// Its NSGs.
    pub fn nsgs(&self, profile: &Profile) -> Vec<NsgTables> {
        let tables = |tables: &NsgTables| NsgTables {
            role: self.role(tables.role),
            ingress: self.rows(&tables.ingress).into(),
            egress: self.rows(&tables.egress).into(),
        };
        let every = match self.cni.value {
            Cni::VcnNative => profile.nsgs,
            Cni::Flannel => &FLANNEL_NSGS,
        };
        let mut every: Vec<_> = every.iter().map(tables).collect();
        if !self.virtual_pools.is_empty() {
            every.iter_mut().for_each(|tables| self.add_virtual(tables));
        }
        every
    }

    /// Adds what virtual nodes need, where it is not there yet.
    fn add_virtual(&self, tables: &mut NsgTables) {
        for more in VIRTUAL_NSGS.iter().filter(|more| self.role(more.role) == tables.role) {
            for (rows, more) in [(&mut tables.ingress, &more.ingress), (&mut tables.egress, &more.egress)] {
                let is_there =
                    |rows: &[Row], new: &Row| rows.iter().any(|row| (row.traffic, row.peer) == (new.traffic, new.peer));
                let more: Vec<_> = self.rows(more).into_iter().filter(|row| !is_there(rows, row)).collect();
                rows.to_mut().extend(more);
            }
        }
    }

    fn rows(&self, rows: &[Row]) -> Vec<Row> {
        rows.iter().map(|row| Row { peer: self.peer(row.peer), ..*row }).collect()
    }

    fn peer(&self, peer: Peer) -> Peer {
        match peer {
            Peer::Nsg(role) => Peer::Nsg(self.role(role)),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spells::oke_cluster::profile::REFERENCE;
    use std::collections::BTreeSet;

    #[test]
    fn the_parts_of_public_clusters_are_the_references_lists() {
        let text = |lists: &[&List]| -> BTreeSet<String> {
            let rows = lists.iter().flat_map(|list| list.rows.iter().map(move |row| (list.tier, list.direction, row)));
            rows.map(|row| format!("{row:?}")).collect()
        };
        let public: Vec<_> = APART.iter().filter(|(part, _)| *part != PRIVATE).map(|(_, list)| list).collect();
        assert_eq!(text(&public), text(&REFERENCE.lists.iter().collect::<Vec<_>>()));
    }
}
