//! Who can open a connection to whom: both ends' rules and the way between.

use super::network::{Direction, Endpoint, Network};
use super::policy::{Admitted, Gate, OtherEnd, Policy};
use super::reach::{Reach, Region};
use super::route;
use super::sets::{self, ALL_TRAFFIC, Addresses, TrafficSet};
use ipnet::Ipv4Net;
use range_set_blaze::RangeSetBlaze;
use std::collections::{BTreeMap, BTreeSet};

/// A network, prepared for any number of questions.
pub struct Engine<'a> {
    pub network: &'a Network,
    policies: Vec<Option<Policy<'a>>>,
    pub(super) internet: Addresses,
    services: Addresses,
}

impl<'a> Engine<'a> {
    pub fn new(network: &'a Network) -> Self {
        Self {
            network,
            policies: network.groups.iter().map(|group| Policy::new(network, group)).collect(),
            internet: sets::internet(network.vcns.values().flat_map(|vcn| vcn.cidrs.iter().copied())),
            services: Addresses::from_iter([sets::OBJECT_STORAGE..=sets::OTHER_SERVICE]),
        }
    }

    /// A group's policy. Endpoints outside the VCNs have none.
    pub(crate) fn policy(&self, endpoint: Endpoint) -> Option<&Policy<'a>> {
        match endpoint {
            Endpoint::Group(index) => self.policies.get(index)?.as_ref(),
            Endpoint::Internet | Endpoint::Services => None,
        }
    }

    /// All addresses that an endpoint may have.
    pub fn addresses(&self, endpoint: Endpoint) -> Addresses {
        match endpoint {
            Endpoint::Internet => self.internet.clone(),
            Endpoint::Services => self.services.clone(),
            Endpoint::Group(_) => self.policy(endpoint).map(|policy| policy.addresses.clone()).unwrap_or_default(),
        }
    }

    /// Every connection that `from` can open to `to`.
    pub fn reach(&self, from: Endpoint, to: Endpoint) -> Reach {
        let (sources, targets) = self.routed(from, to);
        if sources.is_empty() || targets.is_empty() {
            return Reach::default();
        }
        self.admitted(from, &sources, to, &targets)
    }

    /// The internet addresses from which a TCP port of some endpoints can be
    /// reached, as CIDRs; `0.0.0.0/0` if it is all of them.
    pub(crate) fn internet_clients(&self, endpoints: &[Endpoint], port: u16) -> Vec<Ipv4Net> {
        let traffic = sets::at(sets::TCP, port);
        let regions = endpoints.iter().flat_map(|to| self.reach(Endpoint::Internet, *to).regions);
        let having = regions.filter(|region| region.traffic.contains(traffic));
        let clients = having.fold(Addresses::new(), |sum, region| sum | region.from);
        if self.internet.is_subset(&clients) { vec![Ipv4Net::default()] } else { sets::networks(&clients) }
    }

    /// What the rules at both ends admit, whatever the routes say.
    pub(super) fn admitted(&self, from: Endpoint, sources: &Addresses, to: Endpoint, targets: &Addresses) -> Reach {
        let (sender, receiver) = (self.policy(from), self.policy(to));
        let source = OtherEnd { addresses: sources, nsgs: sender.map_or(&[], |policy| &policy.group.nsgs) };
        let target = OtherEnd { addresses: targets, nsgs: receiver.map_or(&[], |policy| &policy.group.nsgs) };
        let leaving = sender.map(|policy| policy.gate(Direction::Egress, &target));
        let entering = receiver.map(|policy| policy.gate(Direction::Ingress, &source));
        let mut ports = BTreeSet::from([0]);
        for gate in leaving.iter().chain(&entering) {
            gate.cut_source_ports(&mut ports);
        }
        let ports: Vec<u16> = ports.into_iter().collect();
        let egress = admitted(leaving.as_ref(), &target, &ports);
        let ingress = admitted(entering.as_ref(), &source, &ports);
        let mut regions = Vec::new();
        for (to, leaving) in &egress {
            for (from, entering) in &ingress {
                for (traffic, source_ports) in meet(&ports, leaving, entering) {
                    regions.push(Region { from: from.clone(), to: to.clone(), source_ports, traffic });
                }
            }
        }
        Reach { regions }
    }

    /// The addresses of a group in another VCN that a group's routes lead to.
    fn across(&self, from: &Policy<'_>, to: &Policy<'_>) -> Addresses {
        let decisions = route::across(self.network, from.subnet, &to.subnet.vcn, &to.addresses);
        decisions.into_iter().fold(Addresses::new(), |sum, decision| sum | decision.addresses)
    }

    /// The addresses at both ends that the routes connect.
    pub(super) fn routed(&self, from: Endpoint, to: Endpoint) -> (Addresses, Addresses) {
        let nothing = (Addresses::new(), Addresses::new());
        match (from, to) {
            (Endpoint::Group(_), Endpoint::Group(_)) => match (self.policy(from), self.policy(to)) {
                (Some(a), Some(b)) if a.subnet.vcn == b.subnet.vcn => (a.addresses.clone(), b.addresses.clone()),
                // Both ways, since nothing is said without an answer.
                (Some(a), Some(b)) => (self.across(b, a), self.across(a, b)),
                _ => nothing,
            },
            (Endpoint::Group(_), _) => match self.policy(from) {
                Some(policy) => (policy.addresses.clone(), route::outbound(policy, &self.addresses(to))),
                None => nothing,
            },
            (Endpoint::Internet, Endpoint::Group(_)) => match self.policy(to) {
                Some(policy) => (route::inbound(policy, &self.internet), policy.addresses.clone()),
                None => nothing,
            },
            (Endpoint::Services | Endpoint::Internet, _) => nothing,
        }
    }
}

/// What one end admits. An end outside the VCNs has no rules and admits
/// everything.
fn admitted(gate: Option<&Gate<'_, '_>>, other: &OtherEnd<'_>, ports: &[u16]) -> Vec<Admitted> {
    match gate {
        Some(gate) => gate.admitted(other, ports),
        None => {
            let everything = TrafficSet::from_iter([ALL_TRAFFIC]);
            vec![(other.addresses.clone(), vec![everything; ports.len()])]
        }
    }
}

/// The traffic that both ends admit, with the source ports from which they do.
fn meet(ports: &[u16], leaving: &[TrafficSet], entering: &[TrafficSet]) -> BTreeMap<TrafficSet, RangeSetBlaze<u16>> {
    let ends = ports.iter().skip(1).map(|next| next.saturating_sub(1)).chain([u16::MAX]);
    let mut met = BTreeMap::<TrafficSet, RangeSetBlaze<u16>>::new();
    for ((start, end), (leaving, entering)) in ports.iter().zip(ends).zip(leaving.iter().zip(entering)) {
        let traffic = leaving & entering;
        if !traffic.is_empty() {
            met.entry(traffic).or_default().ranges_insert(*start..=end);
        }
    }
    met
}
