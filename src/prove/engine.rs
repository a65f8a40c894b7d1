//! Who can open a connection to whom: both ends' rules and the way between.

use super::forward;
use super::network::{Direction, Endpoint, Network};
use super::policy::{Admitted, Gate, OtherEnd, Piece, Policy, Visits};
use super::reach::{Reach, Region};
use super::route;
use super::sets::{self, ALL_PORTS, ALL_TRAFFIC, Addresses, TrafficSet};
use ipnet::Ipv4Net;
use range_set_blaze::RangeSetBlaze;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A network, prepared for any number of questions.
pub struct Engine<'a> {
    pub network: &'a Network,
    policies: Vec<Option<Policy<'a>>>,
    pub(super) internet: Addresses,
    services: Addresses,
    visits: RefCell<Visits>,
}

impl<'a> Engine<'a> {
    pub fn new(network: &'a Network) -> Self {
        Self {
            network,
            policies: network.groups.iter().map(|group| Policy::new(network, group)).collect(),
            internet: sets::internet(network.vcns.values().flat_map(|vcn| vcn.cidrs.iter().copied())),
            services: Addresses::from_iter([sets::OBJECT_STORAGE..=sets::OTHER_SERVICE]),
            visits: RefCell::new(Visits::of_all()),
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
        let (mut sources, targets) = self.routed(from, to);
        let fronted = self.policy(to).filter(|policy| from == Endpoint::Internet && !policy.group.fronts.is_empty());
        let ways = fronted.map(|policy| self.ways_in(policy, &self.internet));
        if let Some(ways) = &ways {
            sources = ways.values().fold(sources, |sum, clients| sum | clients);
        }
        if sources.is_empty() || targets.is_empty() {
            return Reach::default();
        }
        let reach = self.admitted(from, &sources, to, &targets);
        match &ways {
            Some(ways) => forward::limited(&reach, ways),
            None => reach,
        }
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
        self.summed(leaving.as_ref(), &target, entering.as_ref(), &source).unwrap_or_else(|| {
            // Too much to say exactly: no more than this.
            let traffic = |gate: Option<&Gate<'_, '_>>| {
                gate.map_or_else(|| TrafficSet::from_iter([ALL_TRAFFIC]), Gate::all_traffic)
            };
            let peers = |gate: Option<&Gate<'_, '_>>, other: &OtherEnd<'_>| match gate {
                Some(gate) => gate.all_peers(other),
                None => other.addresses.clone(),
            };
            let region = Region {
                from: peers(entering.as_ref(), &source),
                to: peers(leaving.as_ref(), &target),
                source_ports: RangeSetBlaze::from_iter([ALL_PORTS]),
                traffic: traffic(leaving.as_ref()) & traffic(entering.as_ref()),
            };
            let is_empty = region.from.is_empty() || region.to.is_empty() || region.traffic.is_empty();
            Reach { regions: if is_empty { Vec::new() } else { vec![region] }, is_bound: true }
        })
    }

    /// The sum of the rules; `None` if it is too large.
    fn summed(
        &self,
        leaving: Option<&Gate<'_, '_>>,
        target: &OtherEnd<'_>,
        entering: Option<&Gate<'_, '_>>,
        source: &OtherEnd<'_>,
    ) -> Option<Reach> {
        let egress = self.classes(leaving, target)?;
        let ingress = self.classes(entering, source)?;
        let mut regions = Vec::new();
        for (to, leaving) in &egress {
            for (from, entering) in &ingress {
                for (traffic, source_ports) in meet(leaving, entering) {
                    regions.push(Region { from: from.clone(), to: to.clone(), source_ports, traffic });
                }
                if regions.len() > MOST_REGIONS {
                    return None;
                }
            }
        }
        Some(Reach { regions, is_bound: false })
    }

    /// What one end admits. An end outside the VCNs has no rules and admits
    /// everything.
    fn classes(&self, gate: Option<&Gate<'_, '_>>, other: &OtherEnd<'_>) -> Option<Vec<Admitted>> {
        match gate {
            Some(gate) => self.gate(gate, other, &ALL_PORTS),
            None => Some(vec![(other.addresses.clone(), vec![(ALL_PORTS, TrafficSet::from_iter([ALL_TRAFFIC]))])]),
        }
    }

    /// What a gate admits from some source ports; `None` if it is too much to
    /// say.
    pub(super) fn gate(
        &self,
        gate: &Gate<'_, '_>,
        other: &OtherEnd<'_>,
        source_ports: &RangeInclusive<u16>,
    ) -> Option<Vec<Admitted>> {
        let mut all = self.visits.borrow_mut();
        let mut visits = all.take_gate();
        let admitted = gate.admitted(other, source_ports, &mut visits);
        all.put_back(&visits);
        admitted
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

/// How many regions a reach has at most.
const MOST_REGIONS: usize = 20_000;

/// The traffic that both ends admit, with the source ports from which they do.
fn meet(leaving: &[Piece], entering: &[Piece]) -> BTreeMap<TrafficSet, RangeSetBlaze<u16>> {
    let mut met = BTreeMap::<TrafficSet, RangeSetBlaze<u16>>::new();
    let (mut leaving, mut entering) = (leaving.iter().peekable(), entering.iter().peekable());
    while let (Some((a, leaves)), Some((b, enters))) = (leaving.peek(), entering.peek()) {
        let (start, end) = (*a.start().max(b.start()), *a.end().min(b.end()));
        let traffic = leaves & enters;
        if start <= end && !traffic.is_empty() {
            met.entry(traffic).or_default().ranges_insert(start..=end);
        }
        if *a.end() == end {
            leaving.next();
        }
        if *b.end() == end {
            entering.next();
        }
    }
    met
}
