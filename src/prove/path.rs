//! The way of a connection, hop by hop: egress rules, route, ingress rules.

use super::network::{Direction, Endpoint, SecurityRule};
use super::policy::{OtherEnd, Policy, RuleRanges};
use super::reach::CLIENT_PORTS;
use super::route;
use super::sets::{Addresses, TrafficSet};
use super::{Engine, Reach};
use std::collections::BTreeSet;

/// What is asked: these senders, these receivers, this traffic.
#[derive(Debug, Clone)]
pub struct Question {
    pub from: Endpoint,
    pub senders: Addresses,
    pub to: Endpoint,
    pub receivers: Addresses,
    /// What is to pass.
    pub traffic: TrafficSet,
    /// Whether it answers what the receiver sent, and so comes in by the way
    /// that the receiver's own connections go out.
    pub is_answer: bool,
}

/// The answer, with every hop that decides.
pub struct Path<'a> {
    /// Of what is asked, what passes between each sender and each receiver.
    pub certain: TrafficSet,
    /// Of what is asked, what passes between some sender and some receiver.
    pub possible: TrafficSet,
    /// Of the senders those that something passes from, if not all.
    pub senders: Option<Addresses>,
    /// Of the receivers those that something passes to, if not all.
    pub receivers: Option<Addresses>,
    /// None where the sender is outside of the VCNs.
    pub egress: Option<Hop<'a>>,
    pub way: Way<'a>,
    /// None where the receiver is outside of the VCNs.
    pub ingress: Option<Hop<'a>>,
}

/// The rules at one end.
pub struct Hop<'a> {
    pub endpoint: Endpoint,
    pub direction: Direction,
    /// Of what is asked, what the rules admit to or from all of the other end,
    /// from every port that a client may be given.
    pub admitted: TrafficSet,
    /// The rules that carry it: each that does so alone; else as few as do so
    /// together, and each that does so for some of the other end. NSG rules
    /// first.
    pub rules: Vec<&'a SecurityRule>,
    /// A stateless rule that admits some of what is lacking, but whose reply
    /// no rule admits.
    pub unanswered: Option<&'a SecurityRule>,
    /// The rule that comes nearest to admitting what is lacking.
    pub nearest: Option<&'a SecurityRule>,
}

/// How a connection gets from subnet to subnet, or out of the VCN, or in.
pub enum Way<'a> {
    /// Inside this VCN.
    Local(&'a str),
    /// Through these gateways, each of which is named once.
    Gateways(Vec<&'a str>),
    Blocked(Obstacle<'a>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle<'a> {
    /// The two are in different VCNs.
    OtherVcn,
    /// The route table has no rule for the addresses, or for some of them.
    NoRoute(&'a str),
    /// The Internet Gateway serves only VNICs with a public address.
    NoPublicIp,
    /// Nothing connects from outside through this gateway.
    OutboundOnly(&'a str),
    /// The gateway is off, or leads where nothing is known.
    DeadEnd(&'a str),
    /// OCI services answer, they do not connect.
    ServicesOnlyAnswer,
    /// Neither end is in a VCN.
    Outside,
    /// There are no addresses to ask about.
    NoAddress,
    /// The addresses outside of the VCNs are not public, or not all of them.
    NotPublic,
}

impl<'a> Engine<'a> {
    pub fn path(&self, question: &Question) -> Path<'a> {
        let Question { from, senders, to, receivers, traffic, is_answer } = question;
        let reach = if *is_answer { self.answers(question) } else { self.reach(*from, *to) };
        let passing: Vec<_> = within(&reach, senders, receivers)
            .regions
            .into_iter()
            .filter(|region| !region.traffic.is_disjoint(traffic))
            .collect();
        let part = |all: &Addresses, part: Addresses| (!all.is_subset(&part)).then(|| all & &part);
        Path {
            senders: part(senders, passing.iter().fold(Addresses::new(), |sum, region| sum | &region.from)),
            receivers: part(receivers, passing.iter().fold(Addresses::new(), |sum, region| sum | &region.to)),
            certain: traffic & &reach.certain(senders, receivers),
            possible: traffic & &within(&reach, senders, receivers).possible(),
            egress: self.hop(*from, Direction::Egress, *to, receivers, traffic),
            way: if *is_answer {
                self.way(*to, receivers, *from, senders)
            } else {
                self.way(*from, senders, *to, receivers)
            },
            ingress: self.hop(*to, Direction::Ingress, *from, senders, traffic),
        }
    }

    /// What rules admit where the receiver's own connections find a way.
    fn answers(&self, question: &Question) -> Reach {
        let Question { from, senders, to, receivers, .. } = question;
        let (receivers_routed, senders_routed) = self.routed(*to, *from);
        self.admitted(*from, &(senders & senders_routed), *to, &(receivers & receivers_routed))
    }

    fn hop(
        &self,
        at: Endpoint,
        direction: Direction,
        other: Endpoint,
        addresses: &Addresses,
        traffic: &TrafficSet,
    ) -> Option<Hop<'a>> {
        let policy = self.policy(at)?;
        let other = OtherEnd { addresses, nsgs: self.nsgs(other) };
        let gate = policy.gate(direction, &other);
        let mut ports = BTreeSet::from([*CLIENT_PORTS.start()]);
        gate.cut_source_ports(&mut ports);
        let ports: Vec<u16> = ports.range(CLIENT_PORTS).copied().collect();
        let classes = gate.admitted(&other, &ports);
        let admitted = classes.iter().flat_map(|(_, sets)| sets).fold(traffic.clone(), |all, set| all & set);
        let rules = policy.admitting_rules(direction, &other, traffic);
        let lacking = traffic - &admitted;
        let stateless = |rule: &&&RuleRanges<'a>| rule.rule.stateless && rule.matches_some(&lacking);
        let unanswered = policy.rules(direction, &other).iter().find(stateless).map(|rule| rule.rule);
        let nearest = if lacking.is_empty() { None } else { policy.nearest(direction, &other, &lacking) };
        Some(Hop { endpoint: at, direction, admitted, rules, unanswered, nearest })
    }

    fn way(&self, from: Endpoint, senders: &Addresses, to: Endpoint, receivers: &Addresses) -> Way<'a> {
        if senders.is_empty() || receivers.is_empty() {
            return Way::Blocked(Obstacle::NoAddress);
        }
        let is_public = |end: Endpoint, asked: &Addresses| end != Endpoint::Internet || asked.is_subset(&self.internet);
        match (self.policy(from), self.policy(to)) {
            (Some(a), Some(b)) if a.subnet.vcn == b.subnet.vcn => Way::Local(&a.subnet.vcn),
            (Some(_), Some(_)) => Way::Blocked(Obstacle::OtherVcn),
            (Some(_), None) if !is_public(to, receivers) => Way::Blocked(Obstacle::NotPublic),
            (Some(policy), None) => outbound(policy, receivers),
            (None, Some(_)) if from == Endpoint::Services => Way::Blocked(Obstacle::ServicesOnlyAnswer),
            (None, Some(_)) if !is_public(from, senders) => Way::Blocked(Obstacle::NotPublic),
            (None, Some(policy)) => inbound(policy, senders),
            (None, None) => Way::Blocked(Obstacle::Outside),
        }
    }

    fn nsgs(&self, endpoint: Endpoint) -> &'a [String] {
        self.policy(endpoint).map_or(&[], |policy| &policy.group.nsgs)
    }
}

fn within(reach: &Reach, senders: &Addresses, receivers: &Addresses) -> Reach {
    let regions = reach.regions.iter();
    let regions = regions.filter(|region| !region.from.is_disjoint(senders) && !region.to.is_disjoint(receivers));
    Reach { regions: regions.cloned().collect() }
}

fn outbound<'a>(policy: &Policy<'a>, receivers: &Addresses) -> Way<'a> {
    let mut remaining = receivers.clone();
    let mut gateways = Vec::new();
    for decision in route::decide(policy.subnet, receivers) {
        let gateway = decision.route.gateway.as_str();
        let passes = route::passable(policy, &decision);
        if passes.is_empty() || !decision.addresses.is_subset(&passes) {
            let off_limits = decision.route.target == super::network::Target::InternetGateway;
            return Way::Blocked(if off_limits { Obstacle::NoPublicIp } else { Obstacle::DeadEnd(gateway) });
        }
        remaining = remaining - passes;
        gateways.push(gateway);
    }
    if remaining.is_empty() {
        Way::Gateways(each_once(gateways))
    } else {
        Way::Blocked(Obstacle::NoRoute(&policy.subnet.route_table))
    }
}

fn inbound<'a>(policy: &Policy<'a>, senders: &Addresses) -> Way<'a> {
    use super::network::Target;
    let mut remaining = senders.clone();
    let mut gateways = Vec::new();
    for decision in route::decide(policy.subnet, senders) {
        let gateway = decision.route.gateway.as_str();
        match decision.route.target {
            Target::InternetGateway if policy.has_public_ip() => gateways.push(gateway),
            Target::InternetGateway => return Way::Blocked(Obstacle::NoPublicIp),
            Target::NatGateway | Target::ServiceGateway(_) => return Way::Blocked(Obstacle::OutboundOnly(gateway)),
            Target::Other => return Way::Blocked(Obstacle::DeadEnd(gateway)),
        }
        remaining = remaining - decision.addresses;
    }
    if remaining.is_empty() {
        Way::Gateways(each_once(gateways))
    } else {
        Way::Blocked(Obstacle::NoRoute(&policy.subnet.route_table))
    }
}

/// Several routes may lead through one gateway.
fn each_once(gateways: Vec<&str>) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    gateways.into_iter().filter(|gateway| seen.insert(*gateway)).collect()
}
