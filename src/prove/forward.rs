//! Clients on the internet that network load balancers forward, with their own
//! addresses: to VNICs that no route leads to from there.

use super::Engine;
use super::network::Front;
use super::policy::Policy;
use super::reach::{Reach, Region};
use super::route;
use super::sets::{self, ALL_TRAFFIC, Addresses, TrafficSet};
use std::collections::BTreeMap;

/// Clients by what has a way from them to some VNICs. No client is in two.
pub type Ways = BTreeMap<TrafficSet, Addresses>;

impl<'a> Engine<'a> {
    /// The clients that have a way to a group, directly or through its fronts.
    pub(super) fn ways_in(&self, to: &Policy<'a>, clients: &Addresses) -> Ways {
        let everything = TrafficSet::from_iter([ALL_TRAFFIC]);
        let mut ways = Ways::from([(everything, route::inbound(to, clients))]);
        for (front, traffic) in by_subnet(&to.group.fronts) {
            let mut left = route::to_front(self.network, front, clients);
            let mut more = Ways::new();
            for (carried, clients) in ways {
                let both = &clients & &left;
                left = left - &both;
                *more.entry(&carried | &traffic).or_default() |= &both;
                *more.entry(carried).or_default() |= &(clients - both);
            }
            *more.entry(traffic).or_default() |= &left;
            ways = more;
        }
        ways.retain(|_, clients| !clients.is_empty());
        ways
    }
}

/// What is forwarded from each subnet.
fn by_subnet(fronts: &[Front]) -> impl Iterator<Item = (&Front, TrafficSet)> {
    let mut subnets = BTreeMap::<&str, (&Front, TrafficSet)>::new();
    for front in fronts {
        let (_, traffic) = subnets.entry(&front.subnet).or_insert_with(|| (front, TrafficSet::new()));
        traffic.ranges_insert(sets::traffic(front.traffic));
    }
    subnets.into_values()
}

/// What is left of a reach where no more than this has a way.
pub fn limited(reach: &Reach, ways: &Ways) -> Reach {
    let of_way = |region: &Region, carried: &TrafficSet, clients: &Addresses| Region {
        from: &region.from & clients,
        traffic: &region.traffic & carried,
        ..region.clone()
    };
    let regions = reach.regions.iter().flat_map(|region| ways.iter().map(move |way| of_way(region, way.0, way.1)));
    let regions = regions.filter(|region| !region.from.is_empty() && !region.traffic.is_empty()).collect();
    Reach { regions, is_bound: reach.is_bound }
}
