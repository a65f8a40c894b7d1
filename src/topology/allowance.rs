//! Rules of the spec's own, between ends that it names: each end that has
//! VNICs here gets a rule for the other.

use super::end::{self, End, Site};
use super::relation::{self, Relation};
use super::rule::{Peer, Rule, Whose};
use super::{Topology, VcnId};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::name::Name;
use crate::rule::{ANYWHERE, Direction, Traffic};
use crate::symbols::Symbols;
use crate::tier::Tier;
use std::collections::{BTreeMap, BTreeSet};

/// What an `allow` block asks for, as the spec names it.
#[derive(Debug, Clone)]
pub struct Allowance {
    pub name: At<Name>,
    pub from: At<End>,
    pub to: At<End>,
    pub traffic: Vec<Traffic>,
    pub description: String,
}

/// What is allowed, between ends that are known.
#[derive(Debug)]
pub struct Allowed {
    pub from: Site,
    pub to: Site,
    pub traffic: Vec<Traffic>,
    /// Where the spec asks for it: a relation may be said at both ends.
    pub said: Vec<Said>,
}

/// A place of the spec that asks for something.
#[derive(Debug, Clone)]
pub struct Said {
    pub by: By,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// An `allow` block.
    Allow(Name),
    /// An attribute of a spell.
    Relation { kind: &'static str, name: Name, attribute: &'static str },
}

impl Allowed {
    /// Whether one of its ends is there.
    fn is_at(&self, site: &Site) -> bool {
        self.from == *site || self.to == *site
    }

    pub fn is_relation(&self) -> bool {
        self.said.iter().any(|said| matches!(said.by, By::Relation { .. }))
    }
}

impl Topology {
    /// Who adds rules to an NSG or a list beyond its tables, and how many: most
    /// first.
    pub(super) fn adding_to(&self, site: &Site) -> Vec<(usize, &Span)> {
        let mut adding: BTreeMap<usize, (usize, &Span)> = BTreeMap::new();
        for allowed in self.allowed.iter().filter(|allowed| allowed.is_at(site)) {
            let Some(said) = allowed.said.first() else { continue };
            let each = adding.entry(said.span.start).or_insert((0, &said.span));
            each.0 += allowed.traffic.len();
        }
        let mut adding: Vec<_> = adding.into_values().collect();
        adding.sort_by_key(|(count, span)| (std::cmp::Reverse(*count), span.start));
        adding
    }
}

/// The rules that each NSG or list has in each direction, so that none is
/// written twice.
#[derive(Default)]
struct Seen(BTreeMap<(Site, Direction), BTreeSet<(Traffic, Peer)>>);

/// Adds the rules of every allowance and relation to its NSGs and lists, each
/// once.
pub fn settle(
    allowances: &[Allowance],
    relations: &[Relation],
    symbols: &Symbols,
    topology: &mut Topology,
    diagnostics: &mut Diagnostics,
) {
    let mut allowances: Vec<_> = allowances.iter().collect();
    allowances.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let mut seen = Seen::default();
    for allowance in allowances {
        let ends = [&allowance.from, &allowance.to].map(|end| end::site(end, symbols, topology, diagnostics));
        let [Some(from), Some(to)] = ends else { continue };
        if let Some(problem) = problem(allowance, &from, &to, topology) {
            diagnostics.push(problem);
            continue;
        }
        let said = Said { by: By::Allow(allowance.name.value.clone()), span: allowance.name.span.clone() };
        let allowed = Allowed { from, to, traffic: allowance.traffic.clone(), said: vec![said] };
        add(allowed, &allowance.description, &mut seen, topology);
    }
    for (allowed, description) in relation::resolved(relations, symbols, topology, diagnostics) {
        add(allowed, &description, &mut seen, topology);
    }
}

fn add(allowed: Allowed, description: &str, seen: &mut Seen, topology: &mut Topology) {
    let Allowed { from, to, .. } = &allowed;
    for traffic in &allowed.traffic {
        for (at, direction, other) in [(from, Direction::Egress, to), (to, Direction::Ingress, from)] {
            add_rule(at, direction, other, *traffic, description, seen, topology);
        }
    }
    topology.allowed.push(allowed);
}

/// Adds a rule for the other end, unless there is an equal one.
fn add_rule(
    at: &Site,
    direction: Direction,
    other: &Site,
    traffic: Traffic,
    description: &str,
    seen: &mut Seen,
    topology: &mut Topology,
) {
    let peers = peers(other, matches!(at, Site::Nsg(_)), topology);
    let rules = match at {
        Site::Nsg(id) => {
            let nsgs = topology.homes.get_mut(&id.owner).into_iter().flat_map(|home| &mut home.nsgs);
            nsgs.filter(|nsg| nsg.id == *id).map(|nsg| (&mut nsg.ingress, &mut nsg.egress)).next()
        }
        Site::Tier(vcn, tier) => {
            let subnets = topology.vcns.get_mut(vcn).into_iter().flat_map(|vcn| &mut vcn.subnets);
            subnets.filter(|subnet| subnet.tier == *tier).map(|part| (&mut part.ingress, &mut part.egress)).next()
        }
        Site::Cidr(_) | Site::Internet | Site::Services => None,
    };
    let Some((ingress, egress)) = rules else { return };
    let rules = if direction == Direction::Ingress { ingress } else { egress };
    let there = seen
        .0
        .entry((at.clone(), direction))
        .or_insert_with(|| rules.iter().map(|rule| (rule.traffic, rule.peer.unnamed())).collect());
    for peer in peers {
        if there.insert((traffic, peer.unnamed())) {
            rules.push(Rule { traffic, peer, description: description.to_owned().into() });
        }
    }
}

/// An end as the peers of rules: only a rule of an NSG can name an NSG, others
/// name each subnet that its VNICs are in.
fn peers(site: &Site, in_nsg: bool, topology: &Topology) -> Vec<Peer> {
    let tier = |vcn: &VcnId, tier: Tier| {
        let vcn = topology.vcns.get(vcn)?;
        Some(Peer::Cidr(tier.subnet_of(vcn.cidr), Whose::Tier(tier)))
    };
    match site {
        Site::Nsg(id) if in_nsg => vec![Peer::Nsg(id.clone())],
        Site::Nsg(id) => {
            let vcn = topology.homes.get(&id.owner).map(|home| &home.vcn);
            topology.tiers(id).iter().filter_map(|which| tier(vcn?, *which)).collect()
        }
        Site::Tier(vcn, which) => tier(vcn, *which).into_iter().collect(),
        Site::Cidr(cidr) => vec![Peer::client(*cidr)],
        Site::Internet => vec![Peer::client(ANYWHERE)],
        Site::Services => vec![Peer::Services],
    }
}

/// Why nothing can be allowed between two ends.
fn problem(allowance: &Allowance, from: &Site, to: &Site, topology: &Topology) -> Option<Diagnostic> {
    let vcn = |site: &Site| match site {
        Site::Nsg(id) => topology.homes.get(&id.owner).map(|home| home.vcn.clone()),
        Site::Tier(vcn, _) => Some(vcn.clone()),
        Site::Cidr(_) | Site::Internet | Site::Services => None,
    };
    let name = &allowance.name.value;
    let error = |end: &At<End>, message: String| Diagnostic::error(end.span.clone(), message);
    if *from == Site::Services {
        return Some(
            error(&allowance.from, format!("allow \"{name}\" lets OCI services open connections"))
                .label("they open none")
                .help("swap `from` and `to`: replies need no rule"),
        );
    }
    match (vcn(from), vcn(to)) {
        (None, None) => Some(
            error(&allowance.from, format!("neither end of allow \"{name}\" is in this stack"))
                .label("nothing here would get a rule")
                .related(allowance.to.span.clone(), "nor here")
                .help("name a role such as `k8s.pod` or a tier such as `lab.private` at one end"),
        ),
        (Some(a), Some(b)) if a != b => Some(
            error(
                &allowance.to,
                format!("the ends of allow \"{name}\" are in different VCNs, \"{}\" and \"{}\"", a.name(), b.name()),
            )
            .label("no route leads there")
            .related(allowance.from.span.clone(), "from here")
            .help("a stack's VCNs are not peered; put both into one VCN"),
        ),
        (None, Some(_))
            if from.is_outside() && !to.has_public_ip() && !is_forwarded(allowance, to, topology) =>
        {
            Some(
            error(&allowance.to, format!("allow \"{name}\" opens to the internet what has no public address"))
                .label("no way leads here from the internet")
                .related(allowance.from.span.clone(), "from here")
                .help("let a load balancer in the public tier receive it, or name the addresses inside that may come"),
        )
        }
        (Some(_), None) if to.is_outside() && !from.has_way_out(topology) => Some(
            error(&allowance.to, format!("allow \"{name}\" leads to the internet from a tier without a way there"))
                .label("no route leads there")
                .related(allowance.from.span.clone(), "from here")
                .help("the public and the private tier have one; the secure and the management tier reach OCI services only"),
        ),
        _ => None,
    }
}

/// Whether network load balancers may forward all of it with their clients'
/// addresses.
fn is_forwarded(allowance: &Allowance, to: &Site, topology: &Topology) -> bool {
    let Site::Nsg(id) = to else { return false };
    let forwarded = topology.homes.get(&id.owner).and_then(|home| home.forwarded.as_ref());
    let Some((_, all)) = forwarded.filter(|(role, _)| *role == id.role) else { return false };
    allowance.traffic.iter().all(|one| all.iter().any(|whole| is_within(*one, *whole)))
}

fn is_within(part: Traffic, whole: Traffic) -> bool {
    match (part, whole) {
        (Traffic::Tcp(Some(part)), Traffic::Tcp(Some(whole)))
        | (Traffic::Udp(Some(part)), Traffic::Udp(Some(whole))) => whole.min <= part.min && part.max <= whole.max,
        (part, whole) => part == whole,
    }
}
