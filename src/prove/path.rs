//! The path of a connection, hop by hop: egress rules, route, ingress rules.

use super::network::{Direction, Endpoint, SecurityRule};
use super::policy::{OtherEnd, Policy, RuleRanges};
use super::reach::CLIENT_PORTS;
use super::route;
use super::sets::{self, Addresses, TrafficSet};
use super::{Engine, Reach};
use std::collections::BTreeSet;

/// A question: does this traffic pass from these senders to these receivers?
#[derive(Debug, Clone)]
pub struct Question {
    pub from: Endpoint,
    pub senders: Addresses,
    pub to: Endpoint,
    pub receivers: Addresses,
    /// The traffic in question.
    pub traffic: TrafficSet,
    /// Whether the traffic answers packets that the receiver sent, and so
    /// returns the way the receiver's own connections go out.
    pub is_answer: bool,
}

/// The answer to a question, with each hop that decides it.
pub struct Path<'a> {
    /// Whether so many rules decide that nothing is certain; what is possible
    /// then is more than what passes.
    pub is_bound: bool,
    /// The traffic in question that passes between every sender and every
    /// receiver.
    pub certain: TrafficSet,
    /// The traffic in question that passes between some sender and some
    /// receiver.
    pub possible: TrafficSet,
    /// The senders from which something passes; `None` for all of them.
    pub senders: Option<Addresses>,
    /// The receivers to which something passes; `None` for all of them.
    pub receivers: Option<Addresses>,
    /// `None` if the sender is outside the VCNs.
    pub egress: Option<Hop<'a>>,
    pub way: Way<'a>,
    /// `None` if the receiver is outside the VCNs.
    pub ingress: Option<Hop<'a>>,
}

/// The rules at one end.
pub struct Hop<'a> {
    pub endpoint: Endpoint,
    pub direction: Direction,
    /// The traffic in question that the rules admit for the whole other end and
    /// from every client port.
    pub admitted: TrafficSet,
    /// The rules that admit it, NSG rules first: those that do so alone, or
    /// else as few as do so together and those that do so for a part of the
    /// other end.
    pub rules: Vec<&'a SecurityRule>,
    /// A stateless rule that admits some of what is lacking, while no rule
    /// admits the reply.
    pub unanswered: Option<&'a SecurityRule>,
    /// The rule that is nearest to admitting what is lacking.
    pub nearest: Option<&'a SecurityRule>,
}

/// How a connection gets from subnet to subnet, or out of the VCN, or in.
pub enum Way<'a> {
    /// Inside this VCN.
    Local(&'a str),
    /// Through these gateways, each named once.
    Gateways(Vec<&'a str>),
    Forwarded(Forwarded<'a>),
    Blocked(Obstacle<'a>),
}

/// Through network load balancers that keep the client's address, as far as no
/// gateway leads there directly.
pub struct Forwarded<'a> {
    pub gateways: Vec<&'a str>,
    /// The subnets of the load balancers.
    pub subnets: Vec<&'a str>,
    /// The traffic in question that has a way from every client.
    pub carried: TrafficSet,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle<'a> {
    /// The two are in different VCNs, and this route table of the sender leads
    /// over no peering or DRG to the receiver.
    OtherVcn(&'a str),
    /// The same of the receiver's route table: no answer would come back.
    NoWayBack(&'a str),
    /// The route table has no rule for the addresses, or for some of them.
    NoRoute(&'a str),
    /// The Internet Gateway serves only VNICs with a public address.
    NoPublicIp,
    /// The gateway admits no connection from outside.
    OutboundOnly(&'a str),
    /// The gateway is disabled, or what lies behind it is not known.
    DeadEnd(&'a str),
    /// OCI services open no connections.
    ServicesOnlyAnswer,
    /// Neither end is in a VCN.
    Outside,
    /// One of the ends has no addresses.
    NoAddress,
    /// Some of the addresses outside the VCNs are not public.
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
            is_bound: reach.is_bound,
            senders: part(senders, passing.iter().fold(Addresses::new(), |sum, region| sum | &region.from)),
            receivers: part(receivers, passing.iter().fold(Addresses::new(), |sum, region| sum | &region.to)),
            certain: traffic & &reach.certain(senders, receivers),
            possible: traffic & &within(&reach, senders, receivers).possible(),
            egress: self.hop(*from, Direction::Egress, *to, receivers, traffic),
            way: if *is_answer {
                self.way(*to, receivers, *from, senders, traffic)
            } else {
                self.way(*from, senders, *to, receivers, traffic)
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
        let admitted = match self.gate(&gate, &other, &CLIENT_PORTS) {
            Some(classes) => {
                let pieces = classes.iter().flat_map(|(_, pieces)| pieces);
                pieces.fold(traffic.clone(), |all, (_, admitted)| all & admitted)
            }
            None => TrafficSet::new(),
        };
        let rules = policy.admitting_rules(direction, &other, traffic);
        let lacking = traffic - &admitted;
        let stateless = |rule: &&&RuleRanges<'a>| rule.rule.stateless && rule.matches_some(&lacking);
        let unanswered = policy.rules(direction, &other).iter().find(stateless).map(|rule| rule.rule);
        let nearest = if lacking.is_empty() { None } else { policy.nearest(direction, &other, &lacking) };
        Some(Hop { endpoint: at, direction, admitted, rules, unanswered, nearest })
    }

    fn way(
        &self,
        from: Endpoint,
        senders: &Addresses,
        to: Endpoint,
        receivers: &Addresses,
        traffic: &TrafficSet,
    ) -> Way<'a> {
        if senders.is_empty() || receivers.is_empty() {
            return Way::Blocked(Obstacle::NoAddress);
        }
        let is_public = |end: Endpoint, asked: &Addresses| end != Endpoint::Internet || asked.is_subset(&self.internet);
        match (self.policy(from), self.policy(to)) {
            (Some(a), Some(b)) if a.subnet.vcn == b.subnet.vcn => Way::Local(&a.subnet.vcn),
            (Some(a), Some(b)) => self.between(a, senders, b, receivers),
            (Some(_), None) if !is_public(to, receivers) => Way::Blocked(Obstacle::NotPublic),
            (Some(policy), None) => outbound(policy, receivers),
            (None, Some(_)) if from == Endpoint::Services => Way::Blocked(Obstacle::ServicesOnlyAnswer),
            (None, Some(_)) if !is_public(from, senders) => Way::Blocked(Obstacle::NotPublic),
            (None, Some(policy)) => self.way_in(policy, senders, traffic),
            (None, None) => Way::Blocked(Obstacle::Outside),
        }
    }

    /// The way from the internet: the Internet Gateway's, or a load balancer's.
    fn way_in(&self, to: &Policy<'a>, senders: &Addresses, traffic: &TrafficSet) -> Way<'a> {
        let direct = route::inbound(to, senders);
        let indirect = senders - &direct;
        if indirect.is_empty() || to.group.fronts.is_empty() {
            return inbound(to, senders);
        }
        let ways = self.ways_in(to, &indirect);
        let ways = ways.iter().filter(|(carried, _)| !carried.is_disjoint(traffic));
        let (mut missing, mut carried) = (indirect.clone(), traffic.clone());
        for (more, clients) in ways {
            missing = missing - clients;
            carried = carried & more;
        }
        if !missing.is_empty() {
            return inbound(to, &missing);
        }
        let mut gateways = match inbound(to, &direct) {
            Way::Gateways(gateways) => gateways,
            _ => Vec::new(),
        };
        let mut subnets = Vec::new();
        for front in &to.group.fronts {
            let is_for_it = !traffic.is_disjoint(&TrafficSet::from_iter([sets::traffic(front.traffic)]));
            let forwarded = route::to_front(self.network, front, &indirect);
            let Some(subnet) = self.network.subnets.get(&front.subnet).filter(|_| is_for_it) else { continue };
            if !forwarded.is_empty() {
                gateways.extend(route::decide(subnet, &forwarded).iter().map(|one| one.route.gateway.as_str()));
                subnets.push(front.subnet.as_str());
            }
        }
        Way::Forwarded(Forwarded { gateways: each_once(gateways), subnets: each_once(subnets), carried })
    }

    /// The way from VCN to VCN, by a peering or a DRG: there, and back.
    fn between(&self, from: &Policy<'a>, senders: &Addresses, to: &Policy<'a>, receivers: &Addresses) -> Way<'a> {
        let mut gateways = Vec::new();
        let mut all = |here: &Policy<'a>, there: &Policy<'a>, addresses: &Addresses| {
            let mut remaining = addresses.clone();
            for decision in route::across(self.network, here.subnet, &there.subnet.vcn, addresses) {
                gateways.push(decision.route.gateway.as_str());
                remaining = remaining - decision.addresses;
            }
            remaining.is_empty()
        };
        if !all(from, to, receivers) {
            return Way::Blocked(Obstacle::OtherVcn(&from.subnet.route_table));
        }
        if !all(to, from, senders) {
            return Way::Blocked(Obstacle::NoWayBack(&to.subnet.route_table));
        }
        Way::Gateways(each_once(gateways))
    }

    fn nsgs(&self, endpoint: Endpoint) -> &'a [String] {
        self.policy(endpoint).map_or(&[], |policy| &policy.group.nsgs)
    }
}

fn within(reach: &Reach, senders: &Addresses, receivers: &Addresses) -> Reach {
    let regions = reach.regions.iter();
    let regions = regions.filter(|region| !region.from.is_disjoint(senders) && !region.to.is_disjoint(receivers));
    Reach { regions: regions.cloned().collect(), is_bound: reach.is_bound }
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
            Target::Peering(_) | Target::Drg(_) | Target::Other => return Way::Blocked(Obstacle::DeadEnd(gateway)),
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
fn each_once(names: Vec<&str>) -> Vec<&str> {
    let mut seen = BTreeSet::new();
    names.into_iter().filter(|name| seen.insert(*name)).collect()
}
