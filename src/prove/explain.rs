//! Which rules of one end carry traffic, open it, or come nearest to it.

use super::network::{Direction, SecurityRule};
use super::policy::{OtherEnd, Policy, RuleRanges};
use super::sets::TrafficSet;

impl<'a> Policy<'a> {
    /// Each rule that carries the traffic alone, for all of the other end and
    /// from every port that a client may be given; else as few as do so
    /// together, and each that carries more of it for a part of the other end.
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

    /// As few rules as carry all that any does for all of the other end, the
    /// wide ones first, and of equals those that more VNICs share; then each
    /// that carries more for a part of it.
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

    /// The rule that would have to change least: for the other end and the
    /// right protocol, for the other end, for the traffic.
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
        // A rule for someone else and something else explains nothing.
        self.all_rules(direction)
            .filter(|rule| rule.concerns(other) || rule.traffic.contains(&first))
            .min_by_key(|rule| distance(rule))
            .map(|rule| rule.rule)
    }
}

/// Greedily, the rule that carries most of what is left.
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
