//! The words that a security rule is made of. Holds no rule: those stand in
//! the tables of the spells.

use crate::tier::Tier;
use ipnet::Ipv4Net;
use serde::Serialize;
use std::fmt;

/// Which way a rule's traffic goes, seen from the VNIC that it protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Ingress,
    Egress,
}

impl Direction {
    /// As OCI's API writes it.
    pub const fn api_name(self) -> &'static str {
        match self {
            Self::Ingress => "INGRESS",
            Self::Egress => "EGRESS",
        }
    }

    /// As it stands in an address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ingress => "ingress",
            Self::Egress => "egress",
        }
    }
}

/// The layer that a rule belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// In the security list of a subnet: it guards each VNIC there.
    SecurityList,
    /// In a network security group: it guards the group's VNICs.
    Nsg,
}

impl Layer {
    pub const fn title(self) -> &'static str {
        match self {
            Self::SecurityList => "Security list",
            Self::Nsg => "NSG",
        }
    }
}

/// An inclusive range of destination ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ports {
    pub min: u16,
    pub max: u16,
}

/// What a rule matches: a protocol and, where the protocol has them,
/// destination ports or an ICMP type. `None` means every port or code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Traffic {
    All,
    Tcp(Option<Ports>),
    Udp(Option<Ports>),
    Icmp { kind: u8, code: Option<u8> },
}

impl Traffic {
    /// The protocol as OCI's API writes it: an IANA protocol number or `all`.
    pub const fn protocol_number(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Icmp { .. } => "1",
            Self::Tcp(_) => "6",
            Self::Udp(_) => "17",
        }
    }

    /// The protocol as the tables write it.
    pub const fn protocol_name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Icmp { .. } => "ICMP",
            Self::Tcp(_) => "TCP",
            Self::Udp(_) => "UDP",
        }
    }

    /// The port column of the tables: `6443`, `30000-32767`, `type 3 code 4`
    /// or `all`.
    pub fn ports_text(self) -> String {
        match self {
            Self::Tcp(Some(ports)) | Self::Udp(Some(ports)) => ports.to_string(),
            Self::Icmp { kind, code: Some(code) } => format!("type {kind} code {code}"),
            Self::Icmp { kind, code: None } => format!("type {kind}"),
            Self::All | Self::Tcp(None) | Self::Udp(None) => "all".to_owned(),
        }
    }

    /// As it stands in an address: `tcp_10250`, `tcp_30000_32767`, `all`.
    pub fn slug(self) -> String {
        let protocol = self.protocol_name().to_lowercase();
        match self {
            Self::Tcp(Some(p)) | Self::Udp(Some(p)) if p.min == p.max => {
                format!("{protocol}_{}", p.min)
            }
            Self::Tcp(Some(p)) | Self::Udp(Some(p)) => format!("{protocol}_{}_{}", p.min, p.max),
            Self::Icmp { kind, code: Some(code) } => format!("{protocol}_{kind}_{code}"),
            Self::Icmp { kind, code: None } => format!("{protocol}_{kind}"),
            Self::All | Self::Tcp(None) | Self::Udp(None) => protocol,
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max { write!(f, "{}", self.min) } else { write!(f, "{}-{}", self.min, self.max) }
    }
}

/// Who is at the other end of a rule's traffic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Every IPv4 address: `0.0.0.0/0`.
    Anywhere,
    /// The CIDRs that a cluster admits to its API endpoint: one rule a CIDR.
    /// By default `0.0.0.0/0`, which is what the reference's tables say.
    ApiClients,
    /// The whole VCN.
    Vcn,
    /// One tier's subnet.
    Subnet(Tier),
    /// The region's OCI services, behind the Service Gateway.
    Services,
    /// The VNICs of an NSG of the same spell, by its role.
    Nsg(&'static str),
    /// An IPv4 network.
    Cidr(Ipv4Net),
}

/// One row of a table. Its direction, and the subnet or NSG that it belongs
/// to, are the table's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    pub traffic: Traffic,
    pub peer: Peer,
    pub description: &'static str,
    /// Whether the rule is wider than a cluster needs, and so left out where
    /// every cluster of the VCN has the strict profile.
    pub wide: bool,
}

impl Rule {
    /// The rules that a row of a table stands for: one for each CIDR where
    /// its peer is the API's clients, else itself.
    pub fn expand(self, clients: &[Ipv4Net]) -> Vec<Self> {
        if self.peer != Peer::ApiClients {
            return vec![self];
        }
        let peer = |cidr: &Ipv4Net| if cidr.prefix_len() == 0 { Peer::Anywhere } else { Peer::Cidr(*cidr) };
        clients.iter().map(|cidr| Self { peer: peer(cidr), ..self }).collect()
    }

    /// As the rule stands in an address: `ingress_tcp_10250_from_api`.
    pub fn slug(&self, direction: Direction) -> String {
        let preposition = match direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        let peer = match self.peer {
            Peer::Anywhere => "internet".to_owned(),
            Peer::ApiClients => "clients".to_owned(),
            Peer::Vcn => "vcn".to_owned(),
            Peer::Subnet(tier) => tier.word().to_owned(),
            Peer::Services => "services".to_owned(),
            Peer::Nsg(role) => role.to_owned(),
            Peer::Cidr(cidr) => cidr.to_string().replace(['.', '/'], "_"),
        };
        format!("{}_{}_{preposition}_{peer}", direction.word(), self.traffic.slug())
    }
}

/// What the table files need to look like tables.
pub mod table {
    pub use super::Peer::{self, Anywhere, ApiClients, Services, Vcn};
    pub use super::Rule;
    use super::{Ports, Traffic};
    use crate::tier::Tier;

    pub const PRIVATE: Peer = Peer::Subnet(Tier::Private);
    pub const PUBLIC: Peer = Peer::Subnet(Tier::Public);
    pub const SECURE: Peer = Peer::Subnet(Tier::Secure);
    pub const MANAGEMENT: Peer = Peer::Subnet(Tier::Management);

    pub const ALL: Traffic = Traffic::All;
    pub const TCP: Traffic = Traffic::Tcp(None);
    pub const UNREACHABLE: Traffic = Traffic::Icmp { kind: 3, code: None };
    pub const FRAGMENTATION_NEEDED: Traffic = Traffic::Icmp { kind: 3, code: Some(4) };

    pub const fn tcp(port: u16) -> Traffic {
        Traffic::Tcp(Some(Ports { min: port, max: port }))
    }

    pub const fn tcp_range(min: u16, max: u16) -> Traffic {
        Traffic::Tcp(Some(Ports { min, max }))
    }

    pub const fn udp_range(min: u16, max: u16) -> Traffic {
        Traffic::Udp(Some(Ports { min, max }))
    }

    pub const fn row(traffic: Traffic, peer: Peer, description: &'static str) -> Rule {
        Rule { traffic, peer, description, wide: false }
    }

    /// A row that the strict profile leaves out.
    pub const fn wide(traffic: Traffic, peer: Peer, description: &'static str) -> Rule {
        Rule { traffic, peer, description, wide: true }
    }
}
