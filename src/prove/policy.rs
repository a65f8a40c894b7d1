//! The policy at one end of a connection: the rules that guard a VNIC, and what
//! they admit.

use super::network::{Direction, Group, Network, Peer, SecurityRule, Subnet};
use super::reach::CLIENT_PORTS;
use super::sets::{self, ALL_PORTS, ALL_TRAFFIC, Addresses, ICMP, TCP, TrafficSet, UDP};
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

/// Addresses of the other end that all rules treat alike, with the admitted
/// traffic for each class of source ports.
pub type Admitted = (Addresses, Vec<TrafficSet>);

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
    /// Adds the source ports at which a rule begins or ceases to match.
    pub fn cut_source_ports(&self, cuts: &mut BTreeSet<u16>) {
        let mut cut = |range: &RangeInclusive<u16>| {
            cuts.insert(*range.start());
            cuts.extend(range.end().checked_add(1));
        };
        for rule in self.rules.iter().filter(|rule| rule.source_ports != ALL_PORTS) {
            cut(&rule.source_ports);
        }
        // A reply goes to the source port.
        for reply in &self.replies {
            for protocol in [TCP, UDP] {
                if let Some(ports) = ports_within(&reply.traffic, protocol) {
                    cut(&ports);
                }
            }
        }
    }

    /// What the rules admit, replies to stateless requests included.
    pub fn admitted(&self, other: &OtherEnd<'_>, source_ports: &[u16]) -> Vec<Admitted> {
        let all = || self.rules.iter().chain(&self.replies).copied();
        if all().all(|rule| rule.is_for_all(other)) {
            let admitted = source_ports.iter().map(|port| admitted_from(*port, &self.rules, &self.replies)).collect();
            return vec![(other.addresses.clone(), admitted)];
        }
        equivalence_classes(other.addresses, all())
            .into_iter()
            .map(|(addresses, first)| {
                let here: Vec<_> = self.rules.iter().copied().filter(|rule| rule.covers(first)).collect();
                let replies: Vec<_> = self.replies.iter().copied().filter(|rule| rule.covers(first)).collect();
                let admitted = source_ports.iter().map(|port| admitted_from(*port, &here, &replies)).collect();
                (addresses, admitted)
            })
            .collect()
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

    /// Whether the rule, which concerns the other end, matches this address of
    /// it.
    fn covers(&self, address: u64) -> bool {
        self.peer.as_ref().is_none_or(|range| range.contains(&address))
    }
}

const fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Ingress => Direction::Egress,
        Direction::Egress => Direction::Ingress,
    }
}

/// The addresses in classes that each rule matches as a whole or not at all,
/// each class with one of its addresses.
fn equivalence_classes<'a>(
    addresses: &Addresses,
    rules: impl Iterator<Item = &'a RuleRanges<'a>> + Clone,
) -> Vec<(Addresses, u64)> {
    let ranges = || rules.clone().filter_map(|rule| rule.peer.as_ref());
    let cuts: BTreeSet<u64> = ranges().flat_map(|range| [*range.start(), range.end() + 1]).collect();
    let mut classes = BTreeMap::<Vec<bool>, Addresses>::new();
    for range in addresses.ranges() {
        let mut start = *range.start();
        let inside = cuts.range((std::ops::Bound::Excluded(start), std::ops::Bound::Included(*range.end())));
        for end in inside.copied().chain([range.end() + 1]) {
            let signature = ranges().map(|range| range.contains(&start)).collect();
            classes.entry(signature).or_default().ranges_insert(start..=end - 1);
            start = end;
        }
    }
    classes.into_values().filter_map(|class| class.first().map(|first| (class, first))).collect()
}

/// What the rules admit from one source port.
fn admitted_from(port: u16, rules: &[&RuleRanges<'_>], replies: &[&RuleRanges<'_>]) -> TrafficSet {
    let here = || rules.iter().filter(|rule| rule.source_ports.contains(&port));
    let all: TrafficSet = here().map(|rule| rule.traffic.clone()).collect();
    if !here().any(|rule| rule.rule.stateless) {
        return all;
    }
    let untracked: TrafficSet = here().filter(|rule| rule.rule.stateless).map(|rule| rule.traffic.clone()).collect();
    // A stateless rule takes precedence: what a stateful rule matches too is
    // not tracked either.
    let answered = &untracked & answered(port, replies);
    (all - untracked) | answered
}

/// The requests from a source port to which the rules admit the replies.
fn answered(port: u16, replies: &[&RuleRanges<'_>]) -> TrafficSet {
    // All ICMP but the requests, which are added below if their answer is
    // admitted.
    let mut answered = TrafficSet::from_iter([sets::protocol(ICMP)]);
    for request in [ECHO.0, TIMESTAMP.0] {
        answered = answered - TrafficSet::from_iter([sets::icmp(request, None)]);
    }
    let portless = TrafficSet::from_iter([ALL_TRAFFIC]) - TrafficSet::from_iter([ICMP, TCP, UDP].map(sets::protocol));
    for reply in replies {
        answered |= &(&portless & &TrafficSet::from_iter([reply.traffic.clone()]));
        for (request, answer) in [ECHO, TIMESTAMP] {
            if reply.traffic.contains(sets::icmp(answer, Some(0)).start()) {
                answered |= &TrafficSet::from_iter([sets::icmp(request, None)]);
            }
        }
        for protocol in [TCP, UDP] {
            if reply.traffic.contains(&sets::at(protocol, port)) {
                answered |= &TrafficSet::from_iter([sets::with_ports(protocol, &reply.source_ports)]);
            }
        }
    }
    answered
}

/// ICMP request types, with the types of their replies.
const ECHO: (u8, u8) = (8, 0);
const TIMESTAMP: (u8, u8) = (13, 14);

/// The ports of a protocol that are in a range of traffic.
fn ports_within(traffic: &RangeInclusive<u32>, protocol: u8) -> Option<RangeInclusive<u16>> {
    let all = sets::with_ports(protocol, &ALL_PORTS);
    let start = *traffic.start().max(all.start());
    let end = *traffic.end().min(all.end());
    let port = |number: u32| u16::try_from(number - all.start()).ok();
    if start > end { None } else { Some(port(start)?..=port(end)?) }
}
