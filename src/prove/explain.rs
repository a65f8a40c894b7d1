//! Which rules explain an answer: those that admit traffic, those that open an
//! exposure, and the nearest one where traffic is refused.

use super::network::{Direction, SecurityRule};
use super::policy::{OtherEnd, Policy, RuleRanges};
use super::sets::TrafficSet;

impl<'a> Policy<'a> {
    /// The rules that each admit all the traffic, for the whole other end and
    /// from every client port. If no rule does so alone: as few rules as do so
    /// together, and each rule that admits more of the traffic for a part of
    /// the other end.
    pub fn admitting_rules(
        &self,
        direction: Direction,
        other: &OtherEnd<'_>,
        traffic: &TrafficSet,
    ) -> Vec<&'a SecurityRule> {
        let rules = self.rules(direction, other);
        let (for_all, for_some): (Vec<_>, Vec<_>) =
            rules.into_iter().partition(|rule| rule.is_for_all(other) && rule.is_for_clients());
        let alone: Vec<_> = for_all.iter().filter(|rule| rule.matches_all(traffic)).map(|rule| rule.rule).collect();
        if !alone.is_empty() {
            return alone;
        }
        let mut chosen = cover(&for_all, traffic);
        let carried: TrafficSet = for_all.iter().map(|rule| rule.traffic.clone()).collect();
        let left = traffic - &carried;
        chosen.extend(for_some.iter().filter(|rule| rule.matches_some(&left)).map(|rule| rule.rule));
        chosen
    }

    /// As few rules as together admit everything that is admitted for the whole
    /// other end, the widest first and security lists before NSGs; then each
    /// rule that admits more for a part of the other end.
    pub fn opening_rules(
        &self,
        direction: Direction,
        other: &OtherEnd<'_>,
        traffic: &TrafficSet,
    ) -> Vec<&'a SecurityRule> {
        let mut rules = self.rules(direction, other);
        rules.reverse();
        let (for_all, for_some): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.is_for_all(other));
        let mut chosen = cover(&for_all, traffic);
        let opened: TrafficSet = for_all.iter().map(|rule| rule.traffic.clone()).collect();
        let left = traffic - &opened;
        chosen.extend(for_some.iter().rev().filter(|rule| rule.matches_some(&left)).map(|rule| rule.rule));
        chosen
    }

    /// The rule that would have to change least to admit the traffic: best one
    /// that matches the other end and the protocol, then one that matches the
    /// other end, then one that matches the traffic.
    pub fn nearest(
        &self,
        direction: Direction,
        other: &OtherEnd<'_>,
        lacking: &TrafficSet,
    ) -> Option<&'a SecurityRule> {
        let first = lacking.first()?;
        let distance = |rule: &RuleRanges<'_>| {
            let protocols_apart = (rule.traffic.start() >> 16) != (first >> 16);
            let ports_apart = rule.traffic.start().abs_diff(first).min(rule.traffic.end().abs_diff(first));
            let traffic_differs = !rule.traffic.contains(&first);
            (!rule.concerns(other), traffic_differs && protocols_apart, if traffic_differs { ports_apart } else { 0 })
        };
        // A rule that matches neither the other end nor the traffic explains
        // nothing.
        self.all_rules(direction)
            .filter(|rule| rule.concerns(other) || rule.traffic.contains(&first))
            .min_by_key(|rule| distance(rule))
            .map(|rule| rule.rule)
    }
}

/// Chooses rules greedily: each time the one that admits most of what is left.
fn cover<'a>(rules: &[&RuleRanges<'a>], traffic: &TrafficSet) -> Vec<&'a SecurityRule> {
    let mut left = traffic.clone();
    let mut chosen = Vec::new();
    loop {
        let Some((most, best)) =
            rules.iter().rev().map(|rule| (rule.overlap(&left), rule)).max_by_key(|(most, _)| *most)
        else {
            return chosen;
        };
        if most == 0 {
            return chosen;
        }
        left = left - TrafficSet::from_iter([best.traffic.clone()]);
        chosen.push(best.rule);
    }
}
