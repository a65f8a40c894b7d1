//! Replies to stateless requests: nothing tracks those connections, so the
//! opposite direction needs a rule that admits the reply.

use super::policy::RuleRanges;
use super::sets::{self, ALL_PORTS, ICMP, TCP, TrafficSet, UDP};
use std::ops::RangeInclusive;

/// The rules of the opposite direction, with what they say of requests without
/// ports: that is the same for every source port.
pub struct Replies<'r, 'a> {
    rules: &'r [&'r RuleRanges<'a>],
    portless: TrafficSet,
}

impl<'r, 'a> Replies<'r, 'a> {
    pub fn new(rules: &'r [&'r RuleRanges<'a>]) -> Self {
        let with_ports = TrafficSet::from_iter([TCP, UDP].map(sets::protocol));
        let replies: TrafficSet = rules.iter().map(|reply| reply.traffic.clone()).collect();
        let protocols = &(&replies - &with_ports) - &TrafficSet::from_iter([sets::protocol(ICMP)]);
        // All ICMP but the requests whose answer no rule admits.
        let unanswered = [ECHO, TIMESTAMP]
            .into_iter()
            .filter(|(_, answer)| !replies.contains(*sets::icmp(*answer, Some(0)).start()))
            .map(|(request, _)| sets::icmp(request, None));
        let icmp = TrafficSet::from_iter([sets::protocol(ICMP)]) - unanswered.collect::<TrafficSet>();
        Self { rules, portless: protocols | icmp }
    }

    /// The requests from a source port to which the rules admit the replies.
    pub fn answered(&self, port: u16) -> TrafficSet {
        let of = |protocol: u8| {
            let replying = self.rules.iter().filter(move |reply| reply.traffic.contains(&sets::at(protocol, port)));
            replying.map(move |reply| sets::with_ports(protocol, &reply.source_ports))
        };
        let with_ports: TrafficSet = [TCP, UDP].into_iter().flat_map(of).collect();
        &self.portless | &with_ports
    }
}

/// The source ports of requests that some of these rules admit replies to.
pub fn ports(rules: &[&RuleRanges<'_>]) -> impl Iterator<Item = RangeInclusive<u16>> {
    rules.iter().flat_map(|reply| [TCP, UDP].into_iter().filter_map(|protocol| ports_within(&reply.traffic, protocol)))
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
