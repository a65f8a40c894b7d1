//! Which tables a role has.

use super::flows::FLOWS;
use super::nsg_rules as rules;
use crate::contract::compute::{APPLICATION, CACHE, DATABASE, EDGE, MANAGEMENT};
use crate::requirement::Requirement;
use crate::role::Role;
use crate::rule::{NsgTables, Peer, Row};
use crate::topology::Tier;

/// The tables of each role's NSG, ingress first, by the role's word.
const TABLES: [(&Role, &[Row], &[Row]); 5] = [
    (&EDGE, rules::EDGE_INGRESS, rules::EDGE_EGRESS),
    (&APPLICATION, rules::APPLICATION_INGRESS, rules::APPLICATION_EGRESS),
    (&CACHE, rules::CACHE_INGRESS, rules::CACHE_EGRESS),
    (&DATABASE, rules::DATABASE_INGRESS, rules::DATABASE_EGRESS),
    (&MANAGEMENT, rules::MANAGEMENT_INGRESS, rules::MANAGEMENT_EGRESS),
];

/// The NSG of a role.
pub fn nsg(role: &'static Role) -> NsgTables {
    let tables = TABLES.iter().find(|(known, ..)| known.word == role.word);
    let (ingress, egress) = tables.map(|(_, ingress, egress)| (*ingress, *egress)).unwrap_or_default();
    NsgTables::new(role, ingress, egress)
}

/// What instances of a role are for.
pub fn flows(role: &Role) -> impl Iterator<Item = &'static Requirement> {
    // Of instances in the public tier only those with a public address reach
    // what is outside of the VCN, and are reached from there.
    let is_shut_in = role.tier == Tier::Public && !role.public_ip;
    let is_of = |peer: Peer| matches!(peer, Peer::Nsg(of) if of.word == role.word);
    let is_outside = |peer: Peer| matches!(peer, Peer::Anywhere | Peer::Services);
    FLOWS.iter().filter(move |flow| {
        (is_of(flow.from) || is_of(flow.to)) && !(is_shut_in && (is_outside(flow.from) || is_outside(flow.to)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::compute::{INSTANCES, PUBLIC_EDGE};

    #[test]
    fn every_role_has_an_nsg_and_is_for_something() {
        for role in INSTANCES {
            assert!(!nsg(role).egress.is_empty(), "{role:?}");
            let is_shut_in = role.tier == Tier::Public && !role.public_ip;
            assert_eq!(flows(role).next().is_none(), is_shut_in, "{role:?}");
        }
        assert_eq!(flows(&PUBLIC_EDGE).count(), 6);
    }
}
