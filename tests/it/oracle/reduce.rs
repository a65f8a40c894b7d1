//! Takes from a network everything that a finding does not need. Shrinking
//! has made it small; but it must keep the packets' origin, this only one
//! packet.

use cloudspells::prove::network::{Endpoint, Group, Network};

/// The network with nothing left that can be left out: each part is taken
/// away in turn, and put back where `still` no longer holds. The groups that a
/// packet travels between have to stay.
pub fn smallest(network: &Network, ends: [Endpoint; 2], still: impl Fn(&Network) -> bool) -> Network {
    let mut network = network.clone();
    loop {
        let smaller = candidates(&network, ends).into_iter().find(|candidate| still(candidate));
        match smaller {
            Some(smaller) => network = smaller,
            None => return network,
        }
    }
}

/// Everything that is one step smaller. Groups keep their places, which
/// are what endpoints are.
fn candidates(network: &Network, ends: [Endpoint; 2]) -> Vec<Network> {
    let mut found = Vec::new();
    let mut with = |change: &dyn Fn(&mut Network)| {
        let mut candidate = network.clone();
        change(&mut candidate);
        found.push(candidate);
    };
    for (key, rules) in &network.security_lists {
        for index in 0..rules.len() {
            with(&|candidate| _ = candidate.security_lists.get_mut(key).map(|rules| rules.remove(index)));
        }
        let used = |network: &Network| network.subnets.values().any(|subnet| subnet.security_lists.contains(key));
        if !used(network) {
            with(&|candidate| _ = candidate.security_lists.remove(key));
        }
    }
    for (key, rules) in &network.nsgs {
        for index in 0..rules.len() {
            with(&|candidate| _ = candidate.nsgs.get_mut(key).map(|rules| rules.remove(index)));
        }
        if !network.groups.iter().any(|group| group.nsgs.contains(key)) {
            with(&|candidate| _ = candidate.nsgs.remove(key));
        }
    }
    for (key, subnet) in &network.subnets {
        for index in 0..subnet.security_lists.len() {
            with(&|candidate| _ = candidate.subnets.get_mut(key).map(|subnet| subnet.security_lists.remove(index)));
        }
        for index in 0..subnet.routes.len() {
            with(&|candidate| _ = candidate.subnets.get_mut(key).map(|subnet| subnet.routes.remove(index)));
        }
        let is_used = |group: &Group| group.subnet == *key || group.fronts.iter().any(|front| front.subnet == *key);
        if !network.groups.iter().any(is_used) {
            with(&|candidate| _ = candidate.subnets.remove(key));
        }
    }
    for key in network.vcns.keys() {
        if !network.subnets.values().any(|subnet| subnet.vcn == *key) {
            with(&|candidate| _ = candidate.vcns.remove(key));
        }
    }
    for (place, group) in network.groups.iter().enumerate() {
        for index in 0..group.nsgs.len() {
            with(&|candidate| _ = candidate.groups[place].nsgs.remove(index));
        }
        for index in 0..group.fronts.len() {
            with(&|candidate| _ = candidate.groups[place].fronts.remove(index));
        }
        for index in 0..group.addresses.len() {
            with(&|candidate| _ = candidate.groups[place].addresses.remove(index));
        }
    }
    // From the end, so that those that stay keep their places.
    let last = network.groups.len().checked_sub(1);
    if last.is_some_and(|last| !ends.contains(&Endpoint::Group(last))) {
        with(&|candidate| _ = candidate.groups.pop());
    }
    found
}
