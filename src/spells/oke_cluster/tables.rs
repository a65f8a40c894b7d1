//! Which rows of the tables a cluster has, and who is meant by their roles: its
//! profile says so, and its options.

use super::cni::Cni;
use super::endpoint::Endpoint;
use super::profile::Profile;
use super::security_lists_apart as apart;
use super::workload_rules::{NSG_EGRESS, NSG_INGRESS, SECURE_LIST_INGRESS};
use super::workloads::Workload;
use super::{OkeCluster, elsewhere_rules, flannel_rules, internal_lb_rules, roles, virtual_rules};
use crate::contract::oke::{API, INTERNAL_LB, LB, POD, WORKER};
use crate::role::Role;
use crate::rule::{Direction, List, NsgTables, Peer, Row, Traffic};
use crate::topology::Tier;

/// What some rows of security lists are there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Nodes,
    Endpoint(Endpoint),
    PublicBalancers,
    InternalBalancers,
}

const PUBLIC: Part = Part::Endpoint(Endpoint::Public);
const PRIVATE: Part = Part::Endpoint(Endpoint::Private);

/// The lists of the reference profile, by what they are there for.
#[rustfmt::skip]
pub static APART: [(Part, List); 12] = [
    (PUBLIC,                  List::new(Tier::Public,  Direction::Ingress, apart::PUBLIC_API_PUBLIC_INGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Public,  Direction::Ingress, apart::PUBLIC_LB_PUBLIC_INGRESS)),
    (PUBLIC,                  List::new(Tier::Public,  Direction::Egress,  apart::PUBLIC_API_PUBLIC_EGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Public,  Direction::Egress,  apart::PUBLIC_LB_PUBLIC_EGRESS)),
    (PUBLIC,                  List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_API_PRIVATE_INGRESS)),
    (PRIVATE,                 List::new(Tier::Private, Direction::Ingress, apart::PRIVATE_API_PRIVATE_INGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_LB_PRIVATE_INGRESS)),
    (Part::InternalBalancers, List::new(Tier::Private, Direction::Ingress, internal_lb_rules::PRIVATE_INGRESS)),
    (Part::Nodes,             List::new(Tier::Private, Direction::Egress,  apart::NODES_PRIVATE_EGRESS)),
    (PUBLIC,                  List::new(Tier::Private, Direction::Egress,  apart::PUBLIC_API_PRIVATE_EGRESS)),
    (PRIVATE,                 List::new(Tier::Private, Direction::Egress,  apart::PRIVATE_API_PRIVATE_EGRESS)),
    (Part::InternalBalancers, List::new(Tier::Private, Direction::Egress,  internal_lb_rules::PRIVATE_EGRESS)),
];

/// The same where pods are in an overlay.
#[rustfmt::skip]
pub static FLANNEL_APART: [(Part, List); 12] = [
    (PUBLIC,                  List::new(Tier::Public,  Direction::Ingress, apart::PUBLIC_API_PUBLIC_INGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Public,  Direction::Ingress, apart::PUBLIC_LB_PUBLIC_INGRESS)),
    (PUBLIC,                  List::new(Tier::Public,  Direction::Egress,  flannel_rules::PUBLIC_API_PUBLIC_EGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Public,  Direction::Egress,  apart::PUBLIC_LB_PUBLIC_EGRESS)),
    (PUBLIC,                  List::new(Tier::Private, Direction::Ingress, flannel_rules::PUBLIC_API_PRIVATE_INGRESS)),
    (PRIVATE,                 List::new(Tier::Private, Direction::Ingress, flannel_rules::PRIVATE_API_PRIVATE_INGRESS)),
    (Part::PublicBalancers,   List::new(Tier::Private, Direction::Ingress, apart::PUBLIC_LB_PRIVATE_INGRESS)),
    (Part::InternalBalancers, List::new(Tier::Private, Direction::Ingress, internal_lb_rules::PRIVATE_INGRESS)),
    (Part::Nodes,             List::new(Tier::Private, Direction::Egress,  apart::NODES_PRIVATE_EGRESS)),
    (PUBLIC,                  List::new(Tier::Private, Direction::Egress,  apart::PUBLIC_API_PRIVATE_EGRESS)),
    (PRIVATE,                 List::new(Tier::Private, Direction::Egress,  flannel_rules::PRIVATE_API_PRIVATE_EGRESS)),
    (Part::InternalBalancers, List::new(Tier::Private, Direction::Egress,  internal_lb_rules::PRIVATE_EGRESS)),
];

/// The NSGs of a cluster whose pods are in an overlay, in either profile.
static FLANNEL_NSGS: [NsgTables; 3] = [
    NsgTables::new(&API, flannel_rules::API_INGRESS, flannel_rules::API_EGRESS),
    NsgTables::new(&LB, flannel_rules::LB_INGRESS, flannel_rules::LB_EGRESS),
    NsgTables::new(&WORKER, flannel_rules::WORKER_INGRESS, flannel_rules::WORKER_EGRESS),
];

/// What the NSGs of a cluster with virtual nodes have beyond the profile's.
static VIRTUAL_NSGS: [NsgTables; 5] = [
    NsgTables::new(&API, &[], virtual_rules::API_EGRESS),
    NsgTables::new(&LB, &[], virtual_rules::LB_EGRESS),
    NsgTables::new(&INTERNAL_LB, &[], virtual_rules::LB_EGRESS),
    NsgTables::new(&WORKER, virtual_rules::WORKER_INGRESS, &[]),
    NsgTables::new(&POD, virtual_rules::POD_INGRESS, &[]),
];

/// The same of a cluster with workers outside of the private subnet.
static ELSEWHERE_NSGS: [NsgTables; 2] = [
    NsgTables::new(&LB, &[], elsewhere_rules::LB_EGRESS),
    NsgTables::new(&WORKER, elsewhere_rules::WORKER_INGRESS, &[]),
];

impl OkeCluster {
    /// The role that a row's role is here.
    pub fn role(&self, role: &'static Role) -> &'static Role {
        if *role == API { self.endpoint.role() } else { role }
    }

    /// The roles that its VNICs have.
    pub fn roles(&self) -> Vec<&'static Role> {
        let nodes: &[&'static Role] = match self.cni.value {
            Cni::VcnNative => &[&WORKER, &POD],
            Cni::Flannel => &[&WORKER],
        };
        [self.endpoint.role()].into_iter().chain(self.balancers.roles()).chain(nodes.iter().copied()).collect()
    }

    fn has(&self, part: Part) -> bool {
        match part {
            Part::Nodes => true,
            // Elsewhere its NSG carries it all.
            Part::Endpoint(endpoint) => endpoint == self.endpoint && self.endpoint_tier == endpoint.role().tier,
            Part::PublicBalancers => self.balancers.has_public(),
            Part::InternalBalancers => self.balancers.has_internal(),
        }
    }

    /// What it adds to its VCN's security lists.
    pub fn lists(&self, profile: &Profile) -> Vec<List> {
        let mut lists = self.lists_of_parts(profile);
        let tiers = self.tiers(&WORKER);
        let is_theirs = |row: &Row| matches!(row.peer, Peer::Subnet(tier) if tiers.contains(&tier));
        let mine = SECURE_LIST_INGRESS.iter().chain(elsewhere_rules::SECURE_LIST_INGRESS);
        let mine = mine.filter(|(workload, row)| self.workloads.contains(workload) && is_theirs(row));
        // The reference's baseline admits all TCP from the private subnet.
        let secure = profile.baseline.lists.iter().filter(|list| list.tier == Tier::Secure);
        let secure = secure.filter(|list| list.direction == Direction::Ingress).flat_map(|list| list.rows.iter());
        let admitted: Vec<Peer> = secure.filter(|row| row.traffic == Traffic::Tcp(None)).map(|row| row.peer).collect();
        let mine = mine.filter(|(_, row)| !(matches!(row.traffic, Traffic::Tcp(_)) && admitted.contains(&row.peer)));
        let rows: Vec<Row> = mine.map(|(_, row)| *row).collect();
        if !rows.is_empty() {
            lists.push(List { tier: Tier::Secure, direction: Direction::Ingress, rows: rows.into() });
        }
        lists
    }

    fn lists_of_parts(&self, profile: &Profile) -> Vec<List> {
        let (apart, is_reference) = match self.cni.value {
            Cni::VcnNative => (profile.apart, self.endpoint == Endpoint::Public && self.balancers.is_default()),
            Cni::Flannel => (profile.flannel, false),
        };
        if apart.is_empty() || is_reference {
            return profile.lists.to_vec();
        }
        let needed = apart.iter().filter(|(part, _)| self.has(*part));
        let mut lists: Vec<List> = needed.map(|(part, list)| self.listening(*part, list.clone())).collect();
        if self.balancers.has_internal() {
            let rows = self.balancers.internal_listeners().into();
            lists.push(List { tier: Tier::Private, direction: Direction::Ingress, rows });
        }
        lists
    }

    /// A list that admits the clients of the ports that there are.
    fn listening(&self, part: Part, mut list: List) -> List {
        if self.admits_vcn() {
            list.rows.to_mut().iter_mut().for_each(|row| row.peer = self.peer(row.peer));
        }
        let admits_clients = part == Part::PublicBalancers && list.direction == Direction::Ingress;
        if !admits_clients || list.tier != Tier::Public {
            return list;
        }
        List { rows: self.balancers.listeners(&list.rows).into(), ..list }
    }

    /// Its NSGs.
    pub fn nsgs(&self, profile: &Profile) -> Vec<NsgTables> {
        let mut nsgs = Vec::new();
        let every = match self.cni.value {
            Cni::VcnNative => profile.nsgs,
            Cni::Flannel => &FLANNEL_NSGS,
        };
        for tables in every {
            let mut ingress = self.rows(&tables.ingress);
            if *tables.role == LB {
                if self.balancers.has_internal() {
                    nsgs.push(NsgTables {
                        ingress: self.balancers.internal_listeners().into(),
                        ..NsgTables::new(&INTERNAL_LB, &[], internal_lb_rules::LB_EGRESS)
                    });
                }
                if !self.balancers.has_public() {
                    continue;
                }
                ingress = self.balancers.listeners(&ingress);
            } else if *tables.role == WORKER && self.balancers.has_internal() {
                ingress.extend(internal_lb_rules::WORKER_INGRESS);
            }
            let egress = self.rows(&tables.egress).into();
            let tiers = self.tiers(tables.role).into();
            nsgs.push(NsgTables { role: self.role(tables.role), tiers, ingress: ingress.into(), egress });
        }
        for tables in &mut nsgs {
            self.add_workloads(tables);
        }
        nsgs.sort_by_key(|tables| self.roles().iter().position(|role| *role == tables.role));
        if !self.virtual_pools.is_empty() {
            nsgs.iter_mut().for_each(|tables| self.add(&VIRTUAL_NSGS, tables));
        }
        if self.tiers(&WORKER).iter().any(|tier| *tier != WORKER.tier) {
            nsgs.iter_mut().for_each(|tables| self.add(&ELSEWHERE_NSGS, tables));
        }
        nsgs
    }

    /// Adds rows to a role's, where they are not there yet.
    fn add(&self, every: &[NsgTables], tables: &mut NsgTables) {
        for more in every.iter().filter(|more| self.role(more.role) == tables.role) {
            for (rows, more) in [(&mut tables.ingress, &more.ingress), (&mut tables.egress, &more.egress)] {
                let is_there =
                    |rows: &[Row], new: &Row| rows.iter().any(|row| (row.traffic, row.peer) == (new.traffic, new.peer));
                let more: Vec<_> = self.rows(more).into_iter().filter(|row| !is_there(rows, row)).collect();
                rows.to_mut().extend(more);
            }
        }
    }

    /// Adds what its workloads need, unless it is there.
    fn add_workloads(&self, tables: &mut NsgTables) {
        let role = tables.role;
        let directions = [(NSG_INGRESS, &mut tables.ingress), (NSG_EGRESS, &mut tables.egress)];
        for (rules, rows) in directions {
            for (workload, at, row) in rules {
                let at = self.end_of(*workload, *at);
                if !self.workloads.contains(workload) || !self.roles_of(at).contains(&role) {
                    continue;
                }
                let peers = match row.peer {
                    Peer::Nsg(_) => self.roles_of(row.peer).into_iter().map(Peer::Nsg).collect(),
                    other => vec![other],
                };
                for peer in peers {
                    if !rows.iter().any(|known| known.traffic == row.traffic && known.peer == peer) {
                        rows.to_mut().push(Row { peer, ..*row });
                    }
                }
            }
        }
    }

    /// What a pod in an overlay sends is its worker's. What reaches pods on VNICs
    /// of their own reaches no pod there.
    fn end_of(&self, workload: Workload, at: Peer) -> Peer {
        let is_hidden = self.cni.value == Cni::Flannel && workload == Workload::Dns01 && at == roles::POD;
        if is_hidden { roles::WORKER } else { at }
    }

    /// The roles here that a table's role is about: each kind of load balancer
    /// there is.
    fn roles_of(&self, peer: Peer) -> Vec<&'static Role> {
        match peer {
            Peer::Nsg(role) if *role == LB => self.balancers.roles(),
            Peer::Nsg(role) if *role == POD && self.cni.value == Cni::Flannel => Vec::new(),
            Peer::Nsg(role) => vec![self.role(role)],
            _ => Vec::new(),
        }
    }

    /// Without those about load balancers that are not here.
    fn rows(&self, rows: &[Row]) -> Vec<Row> {
        let rows = rows.iter().filter(|row| row.peer != roles::LB || self.balancers.has_public());
        let rows = rows.filter(|row| row.peer != roles::INTERNAL_LB || self.balancers.has_internal());
        rows.map(|row| Row { peer: self.peer(row.peer), ..*row }).collect()
    }

    fn peer(&self, peer: Peer) -> Peer {
        match peer {
            Peer::Nsg(role) => Peer::Nsg(self.role(role)),
            Peer::ApiClients if self.admits_vcn() => Peer::Vcn,
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
        let is_public = |part: &Part| *part != PRIVATE && *part != Part::InternalBalancers;
        let public: Vec<_> = APART.iter().filter(|(part, _)| is_public(part)).map(|(_, list)| list).collect();
        let (apart, whole) = (text(&public), text(&REFERENCE.lists.iter().collect::<Vec<_>>()));
        assert!(whole.is_subset(&apart));
        // What its ALL from the public to the private subnet has beside it.
        let more: Vec<_> = apart.difference(&whole).collect();
        assert!(more.len() == 2 && more.iter().all(|row| row.contains("Udp(Some(Ports { min: 30000, max: 32767 }))")));
    }
}
