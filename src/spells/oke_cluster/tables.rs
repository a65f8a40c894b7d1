//! Which rows of the tables a cluster has, and who is meant by their roles: its
//! profile says so, and its options.

use super::OkeCluster;
use super::endpoint::Endpoint;
use super::profile::Profile;
use super::security_lists_apart as apart;
use crate::contract::oke::API;
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

impl OkeCluster {
    /// The role that a row's role is here.
    pub fn role(&self, role: &'static Role) -> &'static Role {
        if *role == API { self.endpoint.role() } else { role }
    }

    /// What it adds to its VCN's security lists.
    pub fn lists(&self, profile: &Profile) -> Vec<List> {
        let parts = [Part::Nodes, Part::Endpoint(self.endpoint), Part::PublicBalancers];
        if self.endpoint == Endpoint::Public {
            return profile.lists.to_vec();
        }
        let needed = profile.apart.iter().filter(|(part, _)| parts.contains(part));
        needed.map(|(_, list)| list.clone()).collect()
    }

    /// Its NSGs.
    pub fn nsgs(&self, profile: &Profile) -> Vec<NsgTables> {
        let tables = |tables: &NsgTables| NsgTables {
            role: self.role(tables.role),
            ingress: self.rows(&tables.ingress).into(),
            egress: self.rows(&tables.egress).into(),
        };
        profile.nsgs.iter().map(tables).collect()
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
