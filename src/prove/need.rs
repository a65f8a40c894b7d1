//! What a spell says must pass between its roles, before anyone knows which
//! VNICs those are. Holds no need: those stand in the tables of the spells.

use super::model::{Flow, Level, Source};
use super::network::Endpoint;
use crate::rule::{Peer, Traffic};
use ipnet::Ipv4Net;

/// One row of a table of flows.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    pub from: Peer,
    pub to: Peer,
    pub traffic: Traffic,
    pub source: Source,
    pub level: Level,
    pub purpose: &'static str,
}

impl Need {
    /// The flows that a row stands for, with a way to find who has a role.
    /// There is none where nobody has it.
    pub fn flows(&self, clients: &[Ipv4Net], find: impl Fn(Peer) -> Vec<Endpoint>) -> Vec<Flow> {
        let open = clients.iter().any(|cidr| cidr.prefix_len() == 0);
        let clients = (self.from == Peer::ApiClients && !open).then(|| clients.to_vec());
        let ends = |peer| match peer {
            Peer::Anywhere | Peer::ApiClients => vec![Endpoint::Internet],
            Peer::Services => vec![Endpoint::Services],
            other => find(other),
        };
        let targets = ends(self.to);
        let flow = |from, to| Flow {
            from,
            to,
            clients: clients.clone(),
            traffic: self.traffic.into(),
            source: self.source,
            level: self.level,
            purpose: self.purpose,
        };
        ends(self.from)
            .into_iter()
            .flat_map(|from| targets.iter().map(move |to| (from, *to)))
            .map(|(from, to)| flow(from, to))
            .collect()
    }
}

/// What the table files need to look like tables.
pub mod table {
    pub use super::super::model::Level::{Optional, Required};
    pub use super::super::model::{Level, Source};
    pub use super::Need;
    use crate::rule::{Peer, Traffic};

    pub const REFERENCE: Source = Source::Reference;
    pub const ORACLE: Source = Source::Oracle;

    pub const fn need(
        from: Peer,
        to: Peer,
        traffic: Traffic,
        source: Source,
        level: Level,
        purpose: &'static str,
    ) -> Need {
        Need { from, to, traffic, source, level, purpose }
    }
}
