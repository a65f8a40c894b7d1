//! Network load balancers that keep their clients' addresses: from which subnets
//! they forward what to whom.

use super::vcns::Parts;
use crate::audit::references::resolve::Resolver;
use crate::contract::oke::NODE_PORTS;
use crate::prove::network::Traffic;
use crate::prove::network::{Front, Ports};

/// A front before its subnet has its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fronting {
    /// By place in the inventory.
    pub subnet: usize,
    pub traffic: Traffic,
    pub is_certain: bool,
}

impl Fronting {
    /// What a cluster's load balancers may forward to its workers.
    pub fn to_node_ports(subnet: usize, is_certain: bool) -> [Self; 2] {
        let (min, max) = NODE_PORTS;
        let (source, destination) = (Ports { min: 0, max: u16::MAX }, Ports { min, max });
        let both = [Traffic::Tcp { source, destination }, Traffic::Udp { source, destination }];
        both.map(|traffic| Self { subnet, traffic, is_certain })
    }
}

/// The fronts that are there, and those that may be.
pub fn fronts(of: &[Fronting], parts: &Parts, resolver: &Resolver<'_>) -> [Vec<Front>; 2] {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for Fronting { subnet, traffic, is_certain } in of {
        let Some(own) = resolver.inventory.instance(*subnet).map(|one| one.address) else { continue };
        let tables = parts.tables_of.get(subnet).map(Vec::as_slice).unwrap_or_default();
        let is_one = tables.len() == 1;
        for table in tables {
            let subnet = if is_one { own.to_owned() } else { format!("{own} with {}", table.key) };
            let front = Front { subnet, traffic: *traffic };
            if *is_certain && is_one {
                certain.push(front.clone());
            }
            possible.push(front);
        }
    }
    [certain, possible].map(|mut fronts| {
        fronts.sort();
        fronts.dedup();
        fronts
    })
}
