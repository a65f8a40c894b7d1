//! The words that a security rule is made of, and the tables that spells write
//! in them. Holds no rule: those stand in the tables.

use crate::role::Role;
use crate::tier::Tier;
use ipnet::Ipv4Net;
use serde::Serialize;
use std::borrow::Cow;
use std::fmt;
use std::net::Ipv4Addr;

/// Every IPv4 address.
pub const ANYWHERE: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 0);

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

impl Traffic {
    /// Whether it is of one protocol, on some of its ports.
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::Tcp(Some(_)) | Self::Udp(Some(_)))
    }

    /// The ports that [`slug`](Self::slug) wrote.
    pub fn from_slug(text: &str) -> Option<Self> {
        let (protocol, ports) = text.split_once('_')?;
        let (min, max) = ports.split_once('_').unwrap_or((ports, ports));
        let ports = Some(Ports { min: min.parse().ok()?, max: max.parse().ok()? });
        match protocol {
            "tcp" => Some(Self::Tcp(ports)),
            "udp" => Some(Self::Udp(ports)),
            _ => None,
        }
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max { write!(f, "{}", self.min) } else { write!(f, "{}-{}", self.min, self.max) }
    }
}

/// Who is at the other end of a row's traffic, before anyone knows the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// The VNICs of an NSG of the same spell.
    Nsg(&'static Role),
}

/// One row of a table. Its direction, and the subnet or NSG that it belongs
/// to, are the table's. In a finished network it is one
/// [`Rule`](crate::topology::Rule), or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    pub traffic: Traffic,
    pub peer: Peer,
    pub description: &'static str,
}

/// A table of one direction of a tier's security list.
#[derive(Debug, Clone)]
pub struct List {
    pub tier: Tier,
    pub direction: Direction,
    pub rows: Cow<'static, [Row]>,
}

impl List {
    /// # Panics
    ///
    /// While it is compiled, if a row names an NSG: a security list can't.
    pub const fn new(tier: Tier, direction: Direction, rows: &'static [Row]) -> Self {
        let mut left = rows;
        while let Some((row, rest)) = left.split_first() {
            assert!(!matches!(row.peer, Peer::Nsg(_)), "a security list knows no NSG");
            left = rest;
        }
        Self { tier, direction, rows: Cow::Borrowed(rows) }
    }
}

/// Both tables of a role's NSG.
#[derive(Debug, Clone)]
pub struct NsgTables {
    pub role: &'static Role,
    /// Where its VNICs are.
    pub tiers: Cow<'static, [Tier]>,
    pub ingress: Cow<'static, [Row]>,
    pub egress: Cow<'static, [Row]>,
}

impl NsgTables {
    pub const fn new(role: &'static Role, ingress: &'static [Row], egress: &'static [Row]) -> Self {
        let tiers = Cow::Borrowed(std::slice::from_ref(&role.tier));
        Self { role, tiers, ingress: Cow::Borrowed(ingress), egress: Cow::Borrowed(egress) }
    }
}

/// The rules of a VCN itself, before those of anything in it.
#[derive(Debug)]
pub struct Baseline {
    /// Tells it from others.
    pub word: &'static str,
    pub lists: &'static [List],
}

/// What the table files need to look like tables.
pub mod table {
    pub use super::Peer::{self, Anywhere, ApiClients, Services, Vcn};
    pub use super::Row;
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

    pub const fn row(traffic: Traffic, peer: Peer, description: &'static str) -> Row {
        Row { traffic, peer, description }
    }
}
