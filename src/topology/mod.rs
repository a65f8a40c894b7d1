//! The network: VCNs with their tiers, and who may reach whom. Two phases in
//! two types: a [`Draft`] takes contributions and shows no rule, a
//! [`Topology`] is read and takes none. Knows no HCL.

mod shape;

pub use crate::facts::limits;
pub use crate::name::Name;
pub use crate::tier::{DefaultRoute, Tier};
pub use shape::{MEMORY_PER_OCPU_GB, Shape};

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::rule::{Direction, Peer, Rule};
use ipnet::Ipv4Net;
use std::collections::{BTreeMap, BTreeSet};

/// Clusters that may share a VCN. Each may reach each other, so that what there
/// is to prove grows with the square of their number.
const CLUSTERS_PER_VCN: usize = 32;

/// Phase one: every spell adds what it brings.
#[derive(Debug, Default)]
pub struct Draft {
    vcns: BTreeMap<Name, VcnDraft>,
    nsgs: BTreeMap<Name, Vec<Nsg>>,
    homes: BTreeMap<Name, Name>,
    claims: BTreeMap<String, Span>,
    assume_strict: bool,
}

#[derive(Debug)]
struct VcnDraft {
    name: At<Name>,
    cidr: Option<Ipv4Net>,
    rules: Vec<(Tier, Direction, Rule)>,
    contributors: Vec<Contributor>,
    demands: Vec<Demand>,
}

/// A spell that adds rules to a VCN's security lists.
#[derive(Debug)]
pub struct Contributor {
    pub span: Span,
    /// The spell in a message: `cluster "k8s"`.
    pub what: String,
    /// Who may reach its API endpoint.
    pub clients: BTreeSet<Ipv4Net>,
    /// Whether its own NSGs carry its whole policy, so that it needs no
    /// [`wide`](Rule::wide) rule of the VCN.
    pub strict: bool,
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

    fn sum(&self) -> String {
        let Self { nodes, pods_per_node, .. } = self;
        format!("{nodes} nodes × {pods_per_node} pods + {nodes} nodes = {}", self.addresses())
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
    /// With `assume_strict` every cluster is taken for a strict one, whatever
    /// its spec says: to know what that would change.
    pub fn new(assume_strict: bool) -> Self {
        Self { assume_strict, ..Self::default() }
    }

    pub const fn assumes_strict(&self) -> bool {
        self.assume_strict
    }

    /// `cidr` is none where the spec's is wrong: the name is known all the same.
    pub fn add_vcn(&mut self, name: At<Name>, cidr: Option<Ipv4Net>) {
        let draft =
            VcnDraft { name: name.clone(), cidr, rules: Vec::new(), contributors: Vec::new(), demands: Vec::new() };
        self.vcns.insert(name.value, draft);
    }

    pub fn vcn_names(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.vcns.keys()
    }

    pub fn has_vcn(&self, vcn: &Name) -> bool {
        self.vcns.contains_key(vcn)
    }

    pub fn vcn_cidr(&self, vcn: &Name) -> Option<(Ipv4Net, Span)> {
        self.vcns.get(vcn).and_then(|draft| Some((draft.cidr?, draft.name.span.clone())))
    }

    /// Adds a table of rules to one tier's security list.
    pub fn add_rules(&mut self, vcn: &Name, tier: Tier, direction: Direction, rules: impl IntoIterator<Item = Rule>) {
        if let Some(vcn) = self.vcn_mut(vcn) {
            vcn.rules.extend(rules.into_iter().map(|rule| (tier, direction, rule)));
        }
    }

    /// Says that a spell has added rules to a VCN, for diagnostics about all
    /// of them together.
    pub fn add_contributor(&mut self, vcn: &Name, contributor: Contributor) {
        if let Some(vcn) = self.vcn_mut(vcn) {
            vcn.contributors.push(contributor);
        }
    }

    /// Takes something that only one spell can have, such as a file's path.
    /// Gives where it was taken before.
    pub fn claim(&mut self, what: &str, span: Span) -> Option<Span> {
        self.claims.insert(what.to_owned(), span)
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
        self.check_overlap(diagnostics);
        let vcns = self
            .vcns
            .into_iter()
            .filter_map(|(name, draft)| {
                let vcn = draft.cut(draft.cidr?);
                draft.check_capacity(vcn.cidr, diagnostics);
                draft.check_sharing(diagnostics);
                draft.check_rule_counts(&vcn, diagnostics);
                draft.check_clients(diagnostics);
                draft.check_profiles(diagnostics);
                Some((name, vcn))
            })
            .collect();
        Topology { vcns, nsgs: self.nsgs, homes: self.homes }
    }

    /// Two VCNs with common addresses work, but can't be peered.
    fn check_overlap(&self, diagnostics: &mut Diagnostics) {
        let mut vcns: Vec<_> = self.vcns.values().filter_map(|vcn| Some((vcn.cidr?, &vcn.name))).collect();
        vcns.sort_by_key(|(cidr, name)| (cidr.network(), cidr.prefix_len(), name.span.start));
        let mut overlapping = vcns.iter().zip(vcns.iter().skip(1)).filter(|((a, _), (b, _))| a.contains(b));
        let Some(((cidr, first), (_, second))) = overlapping.next() else { return };
        // A neighbour in this order that overlaps is enough to warn; how many
        // pairs there are is not counted.
        let others = if overlapping.next().is_some() { ", and so do others" } else { "" };
        diagnostics.push(
            Diagnostic::warning(
                second.span.clone(),
                format!("vcn \"{}\" and vcn \"{}\" have addresses in common{others}", second.value, first.value),
            )
            .label("can't be peered")
            .related(first.span.clone(), format!("with this one, {cidr}"))
            .help("give each VCN a `cidr_block` of its own, if they may ever have to talk"),
        );
    }

    fn vcn_mut(&mut self, vcn: &Name) -> Option<&mut VcnDraft> {
        self.vcns.get_mut(vcn)
    }
}

impl VcnDraft {
    fn cut(&self, cidr: Ipv4Net) -> Vcn {
        let subnets = Tier::EVERY.map(|tier| Subnet {
            tier,
            cidr: tier.subnet_of(cidr),
            ingress: self.rules_of(tier, Direction::Ingress, cidr),
            egress: self.rules_of(tier, Direction::Egress, cidr),
        });
        Vcn { cidr, subnets: subnets.into() }
    }

    /// One security list's rules of one direction. Two spells may bring the
    /// same rule, and OCI keeps it once: the first stays.
    fn rules_of(&self, tier: Tier, direction: Direction, vcn: Ipv4Net) -> Vec<Rule> {
        let mut seen = BTreeSet::new();
        let strict = self.is_strict();
        self.rules
            .iter()
            .filter(|(t, d, rule)| *t == tier && *d == direction && !(strict && rule.wide))
            .map(|(_, _, rule)| *rule)
            .filter(|rule| seen.insert((rule.traffic, peer_cidr(rule.peer, vcn).ok_or(rule.peer))))
            .collect()
    }

    /// Whether no spell needs the wide rules: there are clusters, and all of
    /// them are strict.
    fn is_strict(&self) -> bool {
        !self.contributors.is_empty() && self.contributors.iter().all(|contributor| contributor.strict)
    }

    /// Rules add up: one cluster's wide security lists guard the strict one's
    /// VNICs, too.
    fn check_profiles(&self, diagnostics: &mut Diagnostics) {
        let Some(strict) = self.contributors.iter().find(|contributor| contributor.strict) else { return };
        let Some(other) = self.contributors.iter().find(|contributor| !contributor.strict) else { return };
        diagnostics.push(
            Diagnostic::warning(
                strict.span.clone(),
                format!(
                    "{} is strict, but shares the security lists of vcn \"{}\" with {}, which is not",
                    strict.what, self.name.value, other.what
                ),
            )
            .label("these lists open it all the same")
            .related(other.span.clone(), "brings the wide rules")
            .help("write `security_profile = \"strict\"` in both, or give each a VCN of its own"),
        );
    }

    fn check_capacity(&self, vcn: Ipv4Net, diagnostics: &mut Diagnostics) {
        let usable = |vcn: Ipv4Net| {
            let tier = Tier::Private.subnet_of(vcn);
            (1_u64 << (32 - tier.prefix_len())).saturating_sub(limits::RESERVED_ADDRESSES)
        };
        let needed = self.demands.iter().fold(0_u64, |sum, demand| sum.saturating_add(demand.addresses()));
        let available = usable(vcn);
        let over = needed > available;
        let share = u128::from(limits::CAPACITY_WARNING_PERCENT);
        let tight = |available: u64| u128::from(needed) * 100 > u128::from(available) * share;
        let mut demands: Vec<_> = self.demands.iter().filter(|demand| demand.nodes > 0).collect();
        demands.sort_by_key(|demand| std::cmp::Reverse(demand.addresses()));
        let Some((largest, others)) = demands.split_first() else { return };
        if !over && !tight(available) {
            return;
        }
        let (name, tier) = (&self.name.value, Tier::Private.subnet_of(vcn));
        let addresses = format!("nodes and pods need {needed} addresses, it has {available}");
        let span = largest.span.clone();
        let mut diagnostic = if over {
            let message =
                format!("the node pools do not fit the private subnet of vcn \"{name}\" ({tier}): {addresses}");
            Diagnostic::error(span, message)
        } else {
            let message =
                format!("the node pools nearly fill the private subnet of vcn \"{name}\" ({tier}): {addresses}");
            Diagnostic::warning(span, message)
        };
        diagnostic = diagnostic.label(largest.sum()).related(self.name.span.clone(), format!("the VCN is {vcn}"));
        for demand in others {
            diagnostic = diagnostic.related(demand.span.clone(), demand.sum());
        }
        let roomy = limits::VCN_PREFIXES
            .rev()
            .find(|prefix| Ipv4Net::new(vcn.network(), *prefix).is_ok_and(|vcn| !tight(usable(vcn))));
        diagnostics.push(match roomy {
            Some(prefix) => diagnostic
                .help(format!("a VCN of /{prefix} has the room; or lower `node_count` or `max_pods_per_node`")),
            None => {
                diagnostic.help("no VCN has that room: lower `node_count` or `max_pods_per_node`, or take several VCNs")
            }
        });
    }

    /// Security lists are the subnet's, and layers add up: what one cluster
    /// admits reaches the endpoint of its neighbour, too.
    fn check_clients(&self, diagnostics: &mut Diagnostics) {
        let Some((first, others)) = self.contributors.split_first() else { return };
        let Some(other) = others.iter().find(|other| other.clients != first.clients) else { return };
        diagnostics.push(
            Diagnostic::warning(
                other.span.clone(),
                format!(
                    "{} and {} share the public security list of vcn \"{}\", but not `api_allowed_cidrs`",
                    first.what, other.what, self.name.value
                ),
            )
            .label("each API endpoint is reached by the clients of both")
            .related(first.span.clone(), "this one lists others")
            .help("give a cluster that must stay closed a VCN of its own"),
        );
    }

    fn check_sharing(&self, diagnostics: &mut Diagnostics) {
        let mut spans: Vec<_> = self.contributors.iter().map(|contributor| &contributor.span).collect();
        spans.sort_by_key(|span| span.start);
        let Some(first_of_rest) = spans.get(CLUSTERS_PER_VCN) else { return };
        let (name, count) = (&self.name.value, self.contributors.len());
        diagnostics.push(
            Diagnostic::error(
                (*first_of_rest).clone(),
                format!("{count} clusters share vcn \"{name}\"; at most {CLUSTERS_PER_VCN} can"),
            )
            .label("the first that is too many")
            .related(self.name.span.clone(), "the VCN")
            .help("give them more VCNs"),
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
                for contributor in &self.contributors {
                    diagnostic = diagnostic.related(contributor.span.clone(), contributor.what.clone());
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
