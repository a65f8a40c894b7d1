//! Who can open a connection to whom: both ends' rules and the way between.

use super::line::{self, ALL_TRAFFIC, Addresses, TrafficSet};
use super::network::{Direction, Endpoint, Network};
use super::reach::{Reach, Region};
use super::route;
use super::side::{Admitted, Gate, Other, Side};
use ipnet::Ipv4Net;
use range_set_blaze::RangeSetBlaze;
use std::collections::{BTreeMap, BTreeSet};

/// A network made ready for questions.
pub struct Engine<'a> {
    pub network: &'a Network,
    sides: Vec<Option<Side<'a>>>,
    pub(super) internet: Addresses,
    services: Addresses,
}

impl<'a> Engine<'a> {
    pub fn new(network: &'a Network) -> Self {
        Self {
            network,
            sides: network.groups.iter().map(|group| Side::new(network, group)).collect(),
            internet: line::internet(network.vcns.values().flat_map(|vcn| vcn.cidrs.iter().copied())),
            services: Addresses::from_iter([line::OBJECT_STORAGE..=line::OTHER_SERVICE]),
        }
    }

    /// A group's side; none of an endpoint outside of the VCNs.
    pub(crate) fn side(&self, endpoint: Endpoint) -> Option<&Side<'a>> {
        match endpoint {
            Endpoint::Group(index) => self.sides.get(index)?.as_ref(),
            Endpoint::Internet | Endpoint::Services => None,
        }
    }

    /// Every address that an endpoint may have.
    pub fn addresses(&self, endpoint: Endpoint) -> Addresses {
        match endpoint {
            Endpoint::Internet => self.internet.clone(),
            Endpoint::Services => self.services.clone(),
            Endpoint::Group(_) => self.side(endpoint).map(|side| side.addresses.clone()).unwrap_or_default(),
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

    /// From where on the internet a TCP port of some endpoints can be reached;
    /// of everywhere, `0.0.0.0/0`.
    pub(crate) fn internet_clients(&self, endpoints: &[Endpoint], port: u16) -> Vec<Ipv4Net> {
        let traffic = line::at(line::TCP, port);
        let regions = endpoints.iter().flat_map(|to| self.reach(Endpoint::Internet, *to).regions);
        let having = regions.filter(|region| region.traffic.contains(traffic));
        let clients = having.fold(Addresses::new(), |sum, region| sum | region.from);
        if self.internet.is_subset(&clients) { vec![Ipv4Net::default()] } else { line::networks(&clients) }
    }

    /// What the rules at both ends admit, wherever the routes lead.
    pub(super) fn admitted(&self, from: Endpoint, sources: &Addresses, to: Endpoint, targets: &Addresses) -> Reach {
        let (sender, receiver) = (self.side(from), self.side(to));
        let source = Other { addresses: sources, nsgs: sender.map_or(&[], |side| &side.group.nsgs) };
        let target = Other { addresses: targets, nsgs: receiver.map_or(&[], |side| &side.group.nsgs) };
        let leaving = sender.map(|side| side.gate(Direction::Egress, &target));
        let entering = receiver.map(|side| side.gate(Direction::Ingress, &source));
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

    /// The addresses at both ends between which there is a way.
    pub(super) fn routed(&self, from: Endpoint, to: Endpoint) -> (Addresses, Addresses) {
        let nothing = (Addresses::new(), Addresses::new());
        match (from, to) {
            (Endpoint::Group(_), Endpoint::Group(_)) => match (self.side(from), self.side(to)) {
                (Some(a), Some(b)) if a.subnet.vcn == b.subnet.vcn => (a.addresses.clone(), b.addresses.clone()),
                _ => nothing,
            },
            (Endpoint::Group(_), _) => match self.side(from) {
                Some(side) => (side.addresses.clone(), route::outbound(side, &self.addresses(to))),
                None => nothing,
            },
            (Endpoint::Internet, Endpoint::Group(_)) => match self.side(to) {
                Some(side) => (route::inbound(side, &self.internet), side.addresses.clone()),
                None => nothing,
            },
            (Endpoint::Services | Endpoint::Internet, _) => nothing,
        }
    }
}

/// What one end admits; what is no VNIC has no rules and admits everything.
fn admitted(gate: Option<&Gate<'_, '_>>, other: &Other<'_>, ports: &[u16]) -> Vec<Admitted> {
    match gate {
        Some(gate) => gate.admitted(other, ports),
        None => {
            let everything = TrafficSet::from_iter([ALL_TRAFFIC]);
            vec![(other.addresses.clone(), vec![everything; ports.len()])]
        }
    }
}

/// What passes both ends, with the source ports for which it does.
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
