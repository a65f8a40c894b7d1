//! Equivalence classes of groups that no rule, route or flow tells apart: what
//! is proven for one member holds for all.

use super::engine::Engine;
use super::network::{Destination, Endpoint, Front, Network, Peer, Target};
use super::policy::Policy;
use super::sets;
use std::collections::{BTreeMap, BTreeSet};

/// Groups in one subnet with the same NSGs, whose addresses every rule treats
/// alike.
pub struct Class {
    /// The member that stands for all.
    pub first: Endpoint,
    pub members: Vec<Endpoint>,
    /// Whether the class is a single VNIC, which has no other member to reach.
    pub is_one_vnic: bool,
}

/// What the members of a class have in common: subnet, in each network NSGs and
/// whether they have public addresses, what is forwarded to them, places, and their own index if they
/// must stay alone.
type Key<'a> = (&'a str, Vec<(BTreeSet<&'a str>, bool, &'a [Front])>, Vec<Place>, Option<usize>);

/// All addresses between two cuts are equivalent; a range that contains a cut
/// is equivalent only to itself.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Between(usize),
    Across(u64, u64),
}

/// The classes of each VCN, such that no network among those of the same groups
/// tells the members apart. Groups for which `apart` is true form a class of
/// their own: those that a flow names.
pub fn classes<'a>(engines: &[&Engine<'a>], apart: impl Fn(Endpoint) -> bool) -> BTreeMap<&'a str, Vec<Class>> {
    let Some((engine, others)) = engines.split_first() else { return BTreeMap::new() };
    let cuts = cuts(engines.iter().map(|engine| engine.network));
    let mut vcns = BTreeMap::<&'a str, BTreeMap<Key<'_>, Vec<usize>>>::new();
    for (index, group) in engine.network.groups.iter().enumerate() {
        let endpoint = Endpoint::Group(index);
        let Some(policy) = engine.policy(endpoint) else { continue };
        let before = |address: u64| cuts.partition_point(|cut| *cut <= address);
        let ranges = policy.addresses.ranges().map(|range| {
            let (start, end) = range.into_inner();
            let place = before(start);
            if place == before(end) { Place::Between(place) } else { Place::Across(start, end) }
        });
        let look = |policy: &Policy<'a>| {
            let nsgs = policy.group.nsgs.iter().map(String::as_str).collect::<BTreeSet<_>>();
            (nsgs, policy.has_public_ip(), policy.group.fronts.as_slice())
        };
        let elsewhere = others.iter().filter_map(|engine| engine.policy(endpoint)).map(look);
        let looks = std::iter::once(look(policy)).chain(elsewhere).collect();
        // Where VNICs may be is one place for each name.
        let alone = apart(endpoint) || group.candidate_of.is_some();
        let key = (group.subnet.as_str(), looks, ranges.collect(), alone.then_some(index));
        vcns.entry(&policy.subnet.vcn).or_default().entry(key).or_default().push(index);
    }
    let class = |members: Vec<usize>| {
        let first = members.first().copied().map(Endpoint::Group)?;
        let is_one_vnic = members.len() == 1 && engine.addresses(first).len() == 1;
        Some(Class { first, members: members.into_iter().map(Endpoint::Group).collect(), is_one_vnic })
    };
    let sorted = |classes: BTreeMap<Key<'_>, Vec<usize>>| {
        let mut classes: Vec<_> = classes.into_values().filter_map(class).collect();
        classes.sort_by_key(|class| class.first);
        classes
    };
    vcns.into_iter().map(|(vcn, classes)| (vcn, sorted(classes))).collect()
}

/// Every address at which a rule's peer, a route's destination, a VCN or a
/// subnet begins, or which is the first one after its end.
fn cuts<'a>(networks: impl Iterator<Item = &'a Network>) -> Vec<u64> {
    let cuts: BTreeSet<u64> = networks.flat_map(cuts_of).collect();
    cuts.into_iter().collect()
}

fn cuts_of(network: &Network) -> impl Iterator<Item = u64> {
    let rules = network.security_lists.values().chain(network.nsgs.values()).flatten();
    let peers = rules.filter_map(|rule| match rule.peer {
        Peer::Cidr(net) => Some(sets::network(net)),
        Peer::Services(_) | Peer::Nsg(_) => None,
    });
    let subnets = network.subnets.values().map(|subnet| sets::network(subnet.cidr));
    let vcns = network.vcns.values().flat_map(|vcn| &vcn.cidrs).map(|cidr| sets::network(*cidr));
    // Other VCNs may have a route to a part of a subnet only.
    let routes = network.subnets.values().flat_map(|subnet| &subnet.routes);
    let routes = routes.filter_map(|route| match (&route.target, route.destination) {
        (Target::Peering(_) | Target::Drg(_), Destination::Cidr(net)) if net.prefix_len() > 0 => Some(net),
        _ => None,
    });
    let routes = routes.map(sets::network);
    peers.chain(subnets).chain(vcns).chain(routes).flat_map(|range| [*range.start(), range.end() + 1])
}
