//! The network: VCNs with their tiers, and who may reach whom. Two phases in
//! two types: a [`Draft`] takes contributions and shows no rule, a
//! [`Topology`] is read and takes none. Knows no HCL and no spell.

mod allowance;
mod capacity;
mod draft;
mod end;
mod relation;
mod rule;
mod shape;

pub use crate::facts::limits;
pub use crate::name::Name;
pub use crate::tier::{DefaultRoute, Tier};
pub use allowance::{Allowance, Allowed, By};
pub use capacity::{Demand, Words};
pub use draft::{Draft, OwnBaseline, Tenant};
pub use end::{End, Site, is_public};
pub use relation::{Relation, Side};
pub use rule::{Peer, Rule};
pub use shape::{MEMORY_PER_OCPU_GB, Shape};

use crate::diagnostic::Span;
use crate::role::Role;
use crate::rule::{Direction, Traffic};
use crate::symbols::Referent;
use ipnet::Ipv4Net;
use std::borrow::Borrow;
use std::collections::BTreeMap;

/// A VCN of the stack: what `vcn.NAME` leads to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VcnId(Name);

impl VcnId {
    pub const fn name(&self) -> &Name {
        &self.0
    }
}

impl Borrow<Name> for VcnId {
    fn borrow(&self) -> &Name {
        &self.0
    }
}

impl Referent for VcnId {
    const KIND: &'static str = "vcn";
    const WORD: &'static str = "VCN";
    const EXAMPLE: &'static str = "lab";

    fn named(name: Name) -> Self {
        Self(name)
    }
}

/// An NSG of the stack: the spell that has it, and its role there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NsgId {
    pub owner: Name,
    pub role: &'static Role,
}

/// Phase two: the finished network.
#[derive(Debug, Default)]
pub struct Topology {
    vcns: BTreeMap<VcnId, Vcn>,
    /// Each spell that is in a VCN.
    homes: BTreeMap<Name, Tenancy>,
    /// What the spec allows beyond what its spells need.
    allowed: Vec<Allowed>,
}

/// A spell in a VCN.
#[derive(Debug)]
struct Tenancy {
    vcn: VcnId,
    kind: &'static str,
    nsgs: Vec<Nsg>,
    /// What network load balancers may forward to a role with their clients'
    /// addresses.
    forwarded: Option<(&'static Role, Vec<Traffic>)>,
    absent: Option<Absent>,
    opener: Option<&'static Role>,
    receiver: Option<&'static Role>,
}

impl Tenancy {
    fn role(&self, word: &str) -> Option<&NsgId> {
        self.nsgs.iter().map(|nsg| &nsg.id).find(|id| id.role.word == word)
    }

    fn roles(&self) -> Vec<&'static str> {
        self.nsgs.iter().map(|nsg| nsg.id.role.word).collect()
    }

    fn absent(&self, word: &str) -> Option<&Absent> {
        self.absent.as_ref().filter(|absent| absent.word == word)
    }
}

/// A role that a spell could have and has not.
#[derive(Debug, Clone)]
pub struct Absent {
    pub word: &'static str,
    /// The role that stands for it.
    pub instead: &'static str,
    pub why: &'static str,
    /// Where the spec says so.
    pub span: Span,
}

#[derive(Debug)]
pub struct Vcn {
    /// The compartment as the stack writes it: equal texts are one compartment.
    pub compartment: String,
    pub cidr: Ipv4Net,
    /// The baseline of its own, by its word: what is in it may rely on another.
    pub baseline: &'static str,
    pub subnets: Vec<Subnet>,
}

/// A tier's subnet with the whole policy of its one security list.
#[derive(Debug)]
pub struct Subnet {
    pub tier: Tier,
    pub cidr: Ipv4Net,
    pub ingress: Vec<Rule>,
    pub egress: Vec<Rule>,
}

/// A network security group: a role of a spell's VNICs, and its policy.
#[derive(Debug)]
pub struct Nsg {
    pub id: NsgId,
    /// Where its VNICs are, in the order of the tiers.
    pub tiers: Vec<Tier>,
    pub ingress: Vec<Rule>,
    pub egress: Vec<Rule>,
}

impl Nsg {
    /// Its rules in table order, ingress first.
    pub fn rules(&self) -> impl Iterator<Item = (Direction, &Rule)> {
        let ingress = self.ingress.iter().map(|rule| (Direction::Ingress, rule));
        ingress.chain(self.egress.iter().map(|rule| (Direction::Egress, rule)))
    }
}

/// Where a spell's VNICs are.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    pub vcn: &'a VcnId,
    pub network: &'a Vcn,
    pub nsgs: &'a [Nsg],
}

impl Topology {
    pub fn allowed(&self) -> &[Allowed] {
        &self.allowed
    }

    pub fn vcn(&self, name: &Name) -> Option<&Vcn> {
        self.vcns.get(name)
    }

    /// Every VCN, by name.
    pub fn vcns(&self) -> impl Iterator<Item = (&VcnId, &Vcn)> {
        self.vcns.iter()
    }

    /// Every spell that is in a VCN, by name.
    pub fn homes(&self) -> impl Iterator<Item = Home<'_>> {
        self.homes.keys().filter_map(|spell| self.home(spell))
    }

    /// The tiers that the VNICs of an NSG are in.
    fn tiers(&self, id: &NsgId) -> &[Tier] {
        let nsgs = self.homes.get(&id.owner).map(|home| home.nsgs.as_slice()).unwrap_or_default();
        nsgs.iter().find(|nsg| nsg.id == *id).map(|nsg| nsg.tiers.as_slice()).unwrap_or_default()
    }

    /// The VCN that a spell's VNICs are in, and its NSGs.
    pub fn home(&self, spell: &Name) -> Option<Home<'_>> {
        let Tenancy { vcn, nsgs, .. } = self.homes.get(spell)?;
        let network = self.vcns.get(vcn)?;
        Some(Home { vcn, network, nsgs })
    }
}
