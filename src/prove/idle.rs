//! Rules that look meant for some traffic and admit nobody: their CIDR is
//! neither public nor of any subnet, or no VNIC is in their NSG.

use super::Engine;
use super::display;
use super::network::{Direction, Endpoint, Peer};
use super::sets::{self, Addresses, TrafficSet};

/// A line for each rule of an end that admits some traffic, from or to nobody.
pub fn idle_rules(engine: &Engine<'_>, at: Endpoint, direction: Direction, traffic: &TrafficSet) -> Vec<String> {
    let Some(policy) = engine.policy(at) else { return Vec::new() };
    let network = engine.network;
    let mut lines = Vec::new();
    for rule in policy.all_rules(direction).filter(|rule| rule.matches_some(traffic)) {
        let nobody = match &rule.rule.peer {
            Peer::Cidr(net) => {
                let addresses = Addresses::from_iter([sets::peer_network(*net)]);
                let is_here = |cidr| !addresses.is_disjoint(&Addresses::from_iter([sets::network(cidr)]));
                let is_someone = !addresses.is_disjoint(&engine.addresses(Endpoint::Internet))
                    || network.subnets.values().any(|subnet| is_here(subnet.cidr));
                (!is_someone).then(|| format!("no subnet here has an address in {net}"))
            }
            Peer::Nsg(nsg) => {
                let has_members = network.groups.iter().any(|group| group.nsgs.contains(nsg));
                (!has_members).then(|| format!("no VNIC here is in {nsg}"))
            }
            Peer::Services(_) => None,
        };
        lines.extend(nobody.map(|nobody| {
            format!(
                "{}, {}, looks meant for it, but admits nobody: {nobody}",
                rule.rule.address,
                display::rule(rule.rule)
            )
        }));
    }
    lines.dedup();
    lines
}
