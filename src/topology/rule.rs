//! Rules of a finished network: each row of a table, taken apart once.

use super::NsgId;
use crate::name::Name;
use crate::rule::{self, ANYWHERE, Direction, Row, Traffic};
use crate::tier::Tier;
use ipnet::Ipv4Net;
use std::borrow::Cow;

/// A rule. Its direction, and the subnet or NSG that it belongs to, are where
/// it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub traffic: Traffic,
    pub peer: Peer,
    pub description: Cow<'static, str>,
}

/// Who is at the other end of a rule's traffic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// Some addresses, and whose they are.
    Cidr(Ipv4Net, Whose),
    /// The region's OCI services, behind the Service Gateway.
    Services,
    /// The VNICs of an NSG.
    Nsg(NsgId),
}

/// Whose addresses a CIDR has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    Anyone,
    /// The spec lists the CIDR.
    Client,
    Vcn,
    Tier(Tier),
}

/// Where the rows of some tables apply.
pub(super) struct Setting<'a> {
    pub vcn: Ipv4Net,
    /// Whom the spell admits, a CIDR each.
    pub clients: &'a [Ipv4Net],
    /// The spell, whose NSGs the roles are of.
    pub owner: &'a Name,
}

impl Setting<'_> {
    pub fn rules<'a>(&'a self, rows: &'a [Row]) -> impl Iterator<Item = Rule> + 'a {
        rows.iter().flat_map(|row| {
            let Row { traffic, description, .. } = *row;
            self.peers(row.peer).into_iter().map(move |peer| Rule {
                traffic,
                peer,
                description: Cow::Borrowed(description),
            })
        })
    }

    fn peers(&self, peer: rule::Peer) -> Vec<Peer> {
        vec![match peer {
            rule::Peer::Anywhere => Peer::Cidr(ANYWHERE, Whose::Anyone),
            rule::Peer::ApiClients => return self.clients.iter().map(|cidr| Peer::client(*cidr)).collect(),
            rule::Peer::Vcn => Peer::Cidr(self.vcn, Whose::Vcn),
            rule::Peer::Subnet(tier) => Peer::Cidr(tier.subnet_of(self.vcn), Whose::Tier(tier)),
            rule::Peer::Services => Peer::Services,
            rule::Peer::Nsg(role) => Peer::Nsg(NsgId { owner: self.owner.clone(), role }),
        }]
    }
}

impl Peer {
    pub(super) fn client(cidr: Ipv4Net) -> Self {
        Self::Cidr(cidr, if cidr == ANYWHERE { Whose::Anyone } else { Whose::Client })
    }

    /// The same for OCI, whose addresses have no name.
    pub(super) fn unnamed(&self) -> Self {
        match self {
            Self::Cidr(cidr, _) => Self::client(*cidr),
            Self::Services | Self::Nsg(_) => self.clone(),
        }
    }

    /// Who it is to a spell, for people, where a name says more than the addresses.
    pub fn name(&self, spell: &Name) -> Option<String> {
        match self {
            Self::Cidr(_, Whose::Tier(tier)) => Some(format!("{} subnet", tier.word())),
            Self::Cidr(_, Whose::Vcn) => Some("VCN".to_owned()),
            Self::Nsg(nsg) if nsg.owner == *spell => Some(format!("{} NSG", nsg.role.word)),
            Self::Nsg(nsg) => Some(format!("{} NSG of {}", nsg.role.word, nsg.owner)),
            Self::Cidr(_, Whose::Anyone | Whose::Client) | Self::Services => None,
        }
    }

    /// As it stands in an address of a spell's.
    fn slug(&self, owner: &Name) -> String {
        match self {
            Self::Cidr(_, Whose::Anyone) => "internet".to_owned(),
            Self::Cidr(cidr, Whose::Client) => cidr.to_string().replace(['.', '/'], "_"),
            Self::Cidr(_, Whose::Vcn) => "vcn".to_owned(),
            Self::Cidr(_, Whose::Tier(tier)) => tier.word().to_owned(),
            Self::Services => "services".to_owned(),
            Self::Nsg(nsg) if nsg.owner == *owner => nsg.role.word.to_owned(),
            Self::Nsg(nsg) => format!("{}_{}", nsg.owner.identifier(), nsg.role.word),
        }
    }
}

impl Rule {
    /// As a spell's rule stands in an address: `ingress_tcp_10250_from_api`.
    pub fn slug(&self, owner: &Name, direction: Direction) -> String {
        let preposition = match direction {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        };
        format!("{}_{}_{preposition}_{}", direction.word(), self.traffic.slug(), self.peer.slug(owner))
    }
}
