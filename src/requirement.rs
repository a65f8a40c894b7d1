//! Requirements: flows between roles, before it is known which VNICs have those
//! roles. The requirements themselves are rows in the tables of the spells.

use crate::prove::network::{self, Endpoint};
use crate::prove::{Flow, Level, Source};
use crate::rule::{Peer, Ports, Traffic};
use ipnet::Ipv4Net;

/// A row of a table of flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    pub from: Peer,
    pub to: Peer,
    pub traffic: Traffic,
    pub source: Source,
    pub level: Level,
    pub purpose: &'static str,
}

impl Requirement {
    /// The flows that a row stands for. `find` gives the endpoints with a role;
    /// if there are none, there is no flow.
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
            purpose: self.purpose.into(),
        };
        ends(self.from)
            .into_iter()
            .flat_map(|from| targets.iter().map(move |to| (from, *to)))
            .map(|(from, to)| flow(from, to))
            .collect()
    }
}

impl From<Traffic> for network::Traffic {
    fn from(traffic: Traffic) -> Self {
        const ANY: Ports = Ports { min: 0, max: u16::MAX };
        match traffic {
            Traffic::All => Self::All,
            Traffic::Tcp(ports) => Self::Tcp { source: ANY, destination: ports.unwrap_or(ANY) },
            Traffic::Udp(ports) => Self::Udp { source: ANY, destination: ports.unwrap_or(ANY) },
            Traffic::Icmp { kind, code } => Self::Icmp { kind: Some(kind), code },
        }
    }
}

/// What makes the table files look like tables.
pub mod table {
    pub use super::Requirement;
    pub use crate::prove::Level::{Optional, Required};
    pub use crate::prove::{Level, Source};
    use crate::rule::{Peer, Traffic};

    pub const REFERENCE: Source = Source::Reference;
    pub const ORACLE: Source = Source::Oracle;
    pub const ROLES: Source = Source::Roles;

    pub const fn flow(
        from: Peer,
        to: Peer,
        traffic: Traffic,
        source: Source,
        level: Level,
        purpose: &'static str,
    ) -> Requirement {
        Requirement { from, to, traffic, source, level, purpose }
    }
}
