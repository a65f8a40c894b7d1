//! The policy at one end of a connection: the rules that guard a VNIC, and what
//! they admit.

use super::network::{Direction, Group, Network, Peer, SecurityRule, Subnet};
use super::reach::CLIENT_PORTS;
use super::replies::{self, Replies};
use super::sets::{self, ALL_PORTS, Addresses, TrafficSet};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// A group of VNICs, with everything that decides about its traffic.
pub struct Policy<'a> {
    pub group: &'a Group,
    pub subnet: &'a Subnet,
    pub addresses: Addresses,
    /// NSG rules before security lists: they are the more specific explanation.
    rules: Vec<RuleRanges<'a>>,
}

/// A rule, with what it matches as ranges.
pub struct RuleRanges<'a> {
    pub rule: &'a SecurityRule,
    /// `None` if the peer is an NSG.
    pub peer: Option<RangeInclusive<u64>>,
    pub traffic: RangeInclusive<u32>,
    pub source_ports: RangeInclusive<u16>,
}

/// The other end of a connection.
pub struct OtherEnd<'a> {
    pub addresses: &'a Addresses,
    /// Its NSGs; empty outside the VCNs.
    pub nsgs: &'a [String],
}

/// Addresses of the other end that all rules treat alike, with what they admit.
pub type Admitted = (Addresses, Vec<Piece>);

/// Source ports that all rules treat alike, and the traffic that is admitted
/// from them.
pub type Piece = (RangeInclusive<u16>, TrafficSet);

impl<'a> Policy<'a> {
    pub fn new(network: &'a Network, group: &'a Group) -> Option<Self> {
        let subnet = network.subnets.get(&group.subnet)?;
        // A plan lists the rules of a security list in any order, and reports
        // must not depend on it.
        let sorted = |rules: &'a Vec<SecurityRule>| rules.iter().collect::<BTreeSet<_>>();
        let nsgs = group.nsgs.iter().filter_map(|nsg| network.nsgs.get(nsg)).map(sorted);
        let lists = subnet.security_lists.iter().filter_map(|list| network.security_lists.get(list)).map(sorted);
        let addresses: Addresses = group.addresses.iter().map(|net| sets::network(*net)).collect();
        Some(Self {
            group,
            subnet,
            addresses: addresses & Addresses::from_iter([sets::network(subnet.cidr)]),
            rules: nsgs.chain(lists).flatten().map(RuleRanges::new).collect(),
        })
    }

    /// Whether the Internet Gateway serves its VNICs.
    pub fn has_public_ip(&self) -> bool {
        self.group.public_ip && self.subnet.public_ips
    }

    /// The rules of one direction that concern the other end.
    pub fn rules(&self, direction: Direction, other: &OtherEnd<'_>) -> Vec<&RuleRanges<'a>> {
        self.all_rules(direction).filter(|rule| rule.concerns(other)).collect()
    }

    /// Every rule of one direction, whoever it is for.
    pub fn all_rules(&self, direction: Direction) -> impl Iterator<Item = &RuleRanges<'a>> {
        self.rules.iter().filter(move |rule| rule.rule.direction == direction)
    }

    /// The rules that decide about the other end.
    pub fn gate(&self, direction: Direction, other: &OtherEnd<'_>) -> Gate<'_, 'a> {
        let rules = self.rules(direction, other);
        let stateless = rules.iter().any(|rule| rule.rule.stateless);
        let replies = if stateless { self.rules(opposite(direction), other) } else { Vec::new() };
        Gate { rules, replies }
    }
}

/// The rules of one end that decide about a connection with the other.
pub struct Gate<'s, 'a> {
    rules: Vec<&'s RuleRanges<'a>>,
    /// The rules of the opposite direction, if a rule is stateless; else empty.
    replies: Vec<&'s RuleRanges<'a>>,
}

impl Gate<'_, '_> {
    /// All that the rules name, whoever it is for.
    pub fn all_traffic(&self) -> TrafficSet {
        self.rules.iter().map(|rule| rule.traffic.clone()).collect()
    }

    /// Those of the other end's addresses that a rule names.
    pub fn all_peers(&self, other: &OtherEnd<'_>) -> Addresses {
        if self.rules.iter().any(|rule| rule.peer.is_none()) {
            return other.addresses.clone();
        }
        other.addresses & &self.rules.iter().filter_map(|rule| rule.peer.clone()).collect::<Addresses>()
    }

    /// What the rules admit from some source ports, replies to stateless
    /// requests included; `None` if that takes more visits than there are.
    pub fn admitted(
        &self,
        other: &OtherEnd<'_>,
        source_ports: &RangeInclusive<u16>,
        visits: &mut Visits,
    ) -> Option<Vec<Admitted>> {
        let add_up = |addresses, here: &[&RuleRanges<'_>], replies: &[&RuleRanges<'_>], visits: &mut Visits| {
            Some((addresses, pieces(here, replies, source_ports, visits)?))
        };
        let all: Vec<_> = self.rules.iter().chain(&self.replies).copied().collect();
        if all.iter().all(|rule| rule.is_for_all(other)) {
            return Some(vec![add_up(other.addresses.clone(), &self.rules, &self.replies, visits)?]);
        }
        let classes = equivalence_classes(other.addresses, &all, visits)?;
        let classes = classes.into_iter().map(|(matching, addresses)| {
            let of = |is_reply: bool| -> Vec<_> {
                let here = matching.iter().filter(|at| (**at >= self.rules.len()) == is_reply);
                here.filter_map(|at| all.get(*at).copied()).collect()
            };
            add_up(addresses, &of(false), &of(true), visits)
        });
        classes.collect()
    }
}

impl<'a> RuleRanges<'a> {
    fn new(rule: &'a SecurityRule) -> Self {
        Self {
            rule,
            peer: match &rule.peer {
                Peer::Cidr(net) => Some(sets::peer_network(*net)),
                Peer::Services(services) => Some(sets::services(*services)),
                Peer::Nsg(_) => None,
            },
            traffic: sets::traffic(rule.traffic),
            source_ports: sets::source_ports(rule.traffic),
        }
    }

    /// Whether the rule's peer includes some of the other end.
    pub fn concerns(&self, other: &OtherEnd<'_>) -> bool {
        match (&self.peer, &self.rule.peer) {
            (None, Peer::Nsg(nsg)) => other.nsgs.contains(nsg),
            (Some(peer), _) => {
                other.addresses.ranges().any(|range| range.start() <= peer.end() && peer.start() <= range.end())
            }
            (None, _) => false,
        }
    }

    /// Whether the rule's peer includes all of the other end.
    pub fn is_for_all(&self, other: &OtherEnd<'_>) -> bool {
        match &self.peer {
            None => self.concerns(other),
            Some(peer) => {
                other.addresses.first().is_none_or(|first| peer.contains(&first))
                    && other.addresses.last().is_none_or(|last| peer.contains(&last))
            }
        }
    }

    /// How much of some traffic the rule matches. Computed for each pair of
    /// endpoints, so it allocates no set.
    pub fn overlap(&self, traffic: &TrafficSet) -> u64 {
        let (first, last) = (self.traffic.start(), self.traffic.end());
        let shared = |range: RangeInclusive<u32>| {
            u64::from(*range.end().min(last) + 1).saturating_sub(u64::from(*range.start().max(first)))
        };
        traffic.ranges().map(shared).sum()
    }

    pub fn matches_some(&self, traffic: &TrafficSet) -> bool {
        traffic.ranges().any(|range| range.start() <= self.traffic.end() && self.traffic.start() <= range.end())
    }

    pub fn matches_all(&self, traffic: &TrafficSet) -> bool {
        traffic.first().is_none_or(|first| self.traffic.contains(&first))
            && traffic.last().is_none_or(|last| self.traffic.contains(&last))
    }

    /// Whether the rule matches from every client port.
    pub fn is_for_clients(&self) -> bool {
        self.source_ports.start() <= CLIENT_PORTS.start() && self.source_ports.end() >= CLIENT_PORTS.end()
    }
}

const fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Ingress => Direction::Egress,
        Direction::Egress => Direction::Ingress,
    }
}

/// How many rules may still be looked at. What one rule matches is looked at
/// for each class of addresses and of source ports, so that a few thousand
/// rules with source ports of their own would take minutes.
pub struct Visits(usize);

impl Visits {
    /// Those of one gate: far more than OCI's limits lead to, which are 1,600
    /// rules a VNIC, and a fraction of a second.
    const OF_A_GATE: usize = 10_000_000;
    /// Those of a whole network: seconds.
    const OF_ALL: usize = 200_000_000;

    pub const fn of_all() -> Self {
        Self(Self::OF_ALL)
    }

    /// Takes those of a gate out.
    pub fn take_gate(&mut self) -> Self {
        let taken = self.0.min(Self::OF_A_GATE);
        self.0 -= taken;
        Self(taken)
    }

    /// Puts back what a gate left.
    pub const fn put_back(&mut self, rest: &Self) {
        self.0 += rest.0;
    }

    fn take(&mut self, visits: usize) -> Option<()> {
        self.0 = self.0.checked_sub(visits)?;
        Some(())
    }
}

/// The addresses in classes that each rule matches as a whole or not at all, by
/// the places of the rules that match them.
fn equivalence_classes(
    addresses: &Addresses,
    rules: &[&RuleRanges<'_>],
    visits: &mut Visits,
) -> Option<BTreeMap<Vec<usize>, Addresses>> {
    // Walks along the addresses, from each at which a rule begins or ceases to
    // match to the next, with the rules that match between them.
    let mut matching = BTreeSet::new();
    let mut changes = BTreeMap::<u64, Vec<usize>>::new();
    for (at, rule) in rules.iter().enumerate() {
        match &rule.peer {
            None => _ = matching.insert(at),
            Some(range) => {
                changes.entry(*range.start()).or_default().push(at);
                changes.entry(range.end() + 1).or_default().push(at);
            }
        }
    }
    let ends = changes.keys().copied().chain([u64::MAX]).collect::<Vec<_>>();
    let starts = std::iter::once((0, Vec::new())).chain(changes);
    let mut ranges = addresses.ranges().peekable();
    let mut classes = BTreeMap::<Vec<usize>, Addresses>::new();
    for ((start, changing), end) in starts.zip(ends) {
        for at in changing {
            if !matching.remove(&at) {
                matching.insert(at);
            }
        }
        let mut part = Addresses::new();
        while let Some(range) = ranges.peek().filter(|range| *range.start() < end) {
            if *range.end() >= start {
                part.ranges_insert(*range.start().max(&start)..=*range.end().min(&(end - 1)));
            }
            if *range.end() >= end {
                break;
            }
            ranges.next();
        }
        if !part.is_empty() {
            visits.take(matching.len())?;
            *classes.entry(matching.iter().copied().collect()).or_default() |= &part;
        }
    }
    Some(classes)
}

/// What the rules admit, for each range of source ports that all of them treat
/// alike.
fn pieces(
    rules: &[&RuleRanges<'_>],
    replies: &[&RuleRanges<'_>],
    within: &RangeInclusive<u16>,
    visits: &mut Visits,
) -> Option<Vec<Piece>> {
    let mut cuts = BTreeSet::from([*within.start()]);
    let mut cut = |range: &RangeInclusive<u16>| {
        let ends = [Some(*range.start()), range.end().checked_add(1)];
        cuts.extend(ends.into_iter().flatten().filter(|port| within.contains(port)));
    };
    for rule in rules.iter().filter(|rule| rule.source_ports != ALL_PORTS) {
        cut(&rule.source_ports);
    }
    let replies = if rules.iter().any(|rule| rule.rule.stateless) { replies } else { &[] };
    replies::ports(replies).for_each(|ports| cut(&ports));
    visits.take(cuts.len() * (rules.len() + replies.len()))?;
    let replies = Replies::new(replies);
    let ends = cuts.iter().skip(1).map(|next| next - 1).chain([*within.end()]);
    let mut pieces = Vec::<Piece>::new();
    for (start, end) in cuts.iter().zip(ends) {
        let traffic = admitted_from(*start, rules, &replies);
        match pieces.last_mut() {
            Some((ports, same)) if *same == traffic => *ports = *ports.start()..=end,
            _ => pieces.push((*start..=end, traffic)),
        }
    }
    Some(pieces)
}

/// What the rules admit from one source port.
fn admitted_from(port: u16, rules: &[&RuleRanges<'_>], replies: &Replies<'_, '_>) -> TrafficSet {
    let here = || rules.iter().filter(|rule| rule.source_ports.contains(&port));
    let all: TrafficSet = here().map(|rule| rule.traffic.clone()).collect();
    if !here().any(|rule| rule.rule.stateless) {
        return all;
    }
    let untracked: TrafficSet = here().filter(|rule| rule.rule.stateless).map(|rule| rule.traffic.clone()).collect();
    // A stateless rule takes precedence: what a stateful rule matches too is
    // not tracked either.
    let answered = &untracked & &replies.answered(port);
    (all - untracked) | answered
}
