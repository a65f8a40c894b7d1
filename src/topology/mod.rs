//! The network: VCNs with their tiers, and who may reach whom. Two phases in
//! two types: a [`Draft`] takes contributions and can't be read, a
//! [`Topology`] is read and takes none. Knows no HCL.

pub mod limits;
mod name;
mod shape;
mod tier;

pub use name::Name;
pub use shape::{MEMORY_PER_OCPU_GB, Shape};
pub use tier::{DefaultRoute, Tier};

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::rule::{Direction, Peer, Rule};
use ipnet::Ipv4Net;
use std::collections::BTreeMap;

/// Phase one: every spell adds what it brings.
#[derive(Debug, Default)]
pub struct Draft {
    vcns: BTreeMap<Name, VcnDraft>,
    nsgs: BTreeMap<Name, Vec<Nsg>>,
    homes: BTreeMap<Name, Name>,
}

#[derive(Debug)]
struct VcnDraft {
    name: At<Name>,
    cidr: Ipv4Net,
    rules: Vec<(Tier, Direction, Rule)>,
    contributors: Vec<(Span, String)>,
    demands: Vec<Demand>,
}

/// Addresses of the private tier that a spell will use at its fullest.
#[derive(Debug)]
pub struct Demand {
    pub span: Span,
    pub nodes: u64,
    pub pods_per_node: u64,
}

impl Demand {
    /// One address a node and one a pod. A lower bound: the CNI takes a pod
    /// VNIC's 31 addresses at once.
    const fn addresses(&self) -> u64 {
        self.nodes.saturating_mul(self.pods_per_node).saturating_add(self.nodes)
    }
}

/// Phase two: the finished network.
#[derive(Debug)]
pub struct Topology {
    vcns: BTreeMap<Name, Vcn>,
    /// By the spell that they belong to.
    nsgs: BTreeMap<Name, Vec<Nsg>>,
    /// The VCN of each spell that lives in one.
    homes: BTreeMap<Name, Name>,
}

#[derive(Debug)]
pub struct Vcn {
    pub cidr: Ipv4Net,
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
    pub role: &'static str,
    pub ingress: Vec<Rule>,
    pub egress: Vec<Rule>,
}

impl Draft {
    pub fn add_vcn(&mut self, name: At<Name>, cidr: Ipv4Net) {
        let draft =
            VcnDraft { name: name.clone(), cidr, rules: Vec::new(), contributors: Vec::new(), demands: Vec::new() };
        self.vcns.insert(name.value, draft);
    }

    pub fn vcn_names(&self) -> impl Iterator<Item = &Name> {
        self.vcns.keys()
    }

    pub fn vcn_cidr(&self, vcn: &Name) -> Option<(Ipv4Net, Span)> {
        self.vcns.get(vcn).map(|draft| (draft.cidr, draft.name.span.clone()))
    }

    /// Adds a table of rules to one tier's security list. `span` and `what`
    /// say who brought them.
    pub fn add_rules(&mut self, vcn: &Name, tier: Tier, direction: Direction, rules: impl IntoIterator<Item = Rule>) {
        if let Some(vcn) = self.vcn_mut(vcn) {
            vcn.rules.extend(rules.into_iter().map(|rule| (tier, direction, rule)));
        }
    }

    /// Says that a spell has added rules to a VCN, for a diagnostic about
    /// their sum.
    pub fn add_contributor(&mut self, vcn: &Name, span: Span, what: String) {
        if let Some(vcn) = self.vcn_mut(vcn) {
            vcn.contributors.push((span, what));
        }
    }

    /// Says which VCN a spell's resources are in.
    pub fn add_home(&mut self, spell: &Name, vcn: Name) {
        self.homes.insert(spell.clone(), vcn);
    }

    pub fn add_demand(&mut self, vcn: &Name, demand: Demand) {
        if let Some(vcn) = self.vcn_mut(vcn) {
            vcn.demands.push(demand);
        }
    }

    pub fn add_nsg(&mut self, owner: &Name, nsg: Nsg) {
        self.nsgs.entry(owner.clone()).or_default().push(nsg);
    }

    /// Ends phase one: cuts the subnets, merges equal rules, checks the sums.
    pub fn finalize(self, diagnostics: &mut Diagnostics) -> Topology {
        let vcns = self
            .vcns
            .into_iter()
            .map(|(name, draft)| {
                draft.check_capacity(diagnostics);
                let vcn = draft.cut();
                draft.check_rule_counts(&vcn, diagnostics);
                (name, vcn)
            })
            .collect();
        Topology { vcns, nsgs: self.nsgs, homes: self.homes }
    }

    fn vcn_mut(&mut self, vcn: &Name) -> Option<&mut VcnDraft> {
        self.vcns.get_mut(vcn)
    }
}

impl VcnDraft {
    fn cut(&self) -> Vcn {
        let subnets = Tier::EVERY.map(|tier| Subnet {
            tier,
            cidr: tier.subnet_of(self.cidr),
            ingress: self.rules_of(tier, Direction::Ingress),
            egress: self.rules_of(tier, Direction::Egress),
        });
        Vcn { cidr: self.cidr, subnets: subnets.into() }
    }

    /// One security list's rules of one direction. Two spells may bring the
    /// same rule, and OCI keeps it once: the first stays.
    fn rules_of(&self, tier: Tier, direction: Direction) -> Vec<Rule> {
        let mut seen = std::collections::BTreeSet::new();
        self.rules
            .iter()
            .filter(|(t, d, _)| *t == tier && *d == direction)
            .map(|(_, _, rule)| *rule)
            .filter(|rule| seen.insert((rule.traffic, peer_cidr(rule.peer, self.cidr).ok_or(rule.peer))))
            .collect()
    }

    fn check_capacity(&self, diagnostics: &mut Diagnostics) {
        let cidr = Tier::Private.subnet_of(self.cidr);
        let usable = (1_u64 << (32 - cidr.prefix_len())) - limits::RESERVED_ADDRESSES;
        let needed = self.demands.iter().fold(0_u64, |sum, d| sum.saturating_add(d.addresses()));
        let Some(largest) = self.demands.iter().max_by_key(|d| d.addresses()) else {
            return;
        };
        let name = &self.name.value;
        let over = needed > usable;
        let tight = u128::from(needed) * 100 > u128::from(usable) * u128::from(limits::CAPACITY_WARNING_PERCENT);
        if !over && !tight {
            return;
        }
        let message = format!(
            "{} the private subnet of vcn \"{name}\" ({cidr}): nodes and pods need {needed} addresses, it has {usable}",
            if over { "the node pools do not fit" } else { "the node pools leave little room in" }
        );
        let diagnostic = if over {
            Diagnostic::error(largest.span.clone(), message)
        } else {
            Diagnostic::warning(largest.span.clone(), message)
        };
        diagnostics.push(
            diagnostic
                .label(format!(
                    "{} nodes × {} pods + {} nodes = {}",
                    largest.nodes,
                    largest.pods_per_node,
                    largest.nodes,
                    largest.addresses()
                ))
                .related(self.name.span.clone(), format!("the VCN is {}", self.cidr))
                .help("give the VCN a larger `cidr_block` (up to /16), or lower `node_count` or `max_pods_per_node`"),
        );
    }

    fn check_rule_counts(&self, vcn: &Vcn, diagnostics: &mut Diagnostics) {
        for subnet in &vcn.subnets {
            for (direction, rules) in [("ingress", &subnet.ingress), ("egress", &subnet.egress)] {
                if rules.len() <= limits::RULES_PER_SECURITY_LIST {
                    continue;
                }
                let mut diagnostic = Diagnostic::error(
                    self.name.span.clone(),
                    format!(
                        "the {} security list of vcn \"{}\" would have {} {direction} rules; OCI allows {}",
                        subnet.tier.word(),
                        self.name.value,
                        rules.len(),
                        limits::RULES_PER_SECURITY_LIST
                    ),
                )
                .help("give a cluster a VCN of its own, or admit fewer, larger CIDRs in `api_allowed_cidrs`");
                for (span, what) in &self.contributors {
                    diagnostic = diagnostic.related(span.clone(), what.clone());
                }
                diagnostics.push(diagnostic);
            }
        }
    }
}

impl Topology {
    pub fn vcn(&self, name: &Name) -> Option<&Vcn> {
        self.vcns.get(name)
    }

    /// The VCN that a spell's resources are in.
    pub fn home(&self, spell: &Name) -> Option<(&Name, &Vcn)> {
        let name = self.homes.get(spell)?;
        self.vcn(name).map(|vcn| (name, vcn))
    }

    pub fn nsgs_of(&self, owner: &Name) -> impl Iterator<Item = &Nsg> {
        self.nsgs.get(owner).into_iter().flatten()
    }
}

/// The addresses of a peer, where a CIDR says them.
pub fn peer_cidr(peer: Peer, vcn: Ipv4Net) -> Option<Ipv4Net> {
    match peer {
        Peer::Anywhere => Some(Ipv4Net::default()),
        Peer::Vcn => Some(vcn),
        Peer::Subnet(tier) => Some(tier.subnet_of(vcn)),
        Peer::Cidr(cidr) => Some(cidr),
        Peer::ApiClients | Peer::Services | Peer::Nsg(_) => None,
    }
}
