//! Candidates that differ in their route table only. Traffic inside a VCN does
//! not look at route tables, nor at what is forwarded from outside, so that there
//! one of them stands for all.

use super::network::{Endpoint, Group, Network};
use std::collections::BTreeMap;

/// For each group, the first of its twins.
#[derive(Default)]
pub struct Twins<'a> {
    firsts: Vec<usize>,
    /// Those that a first one stands for, if there are others.
    members: BTreeMap<usize, Vec<usize>>,
    vcns: Vec<Option<&'a str>>,
}

/// What twins have in common: the name that candidates share, their subnet
/// whatever its table, and in each network what guards them.
type Key<'a> = (&'a str, &'a str, Vec<(&'a [String], &'a [String])>);

impl<'a> Twins<'a> {
    /// The networks have the same groups.
    pub fn new(networks: &[&'a Network]) -> Self {
        let Some(network) = networks.first() else { return Self::default() };
        let mut seen = BTreeMap::<Key<'_>, usize>::new();
        let first = |(index, group): (usize, &'a Group)| {
            let Some(name) = group.candidate_of.as_deref() else { return index };
            let guards = networks.iter().filter_map(|network| {
                let group = network.groups.get(index)?;
                let subnet = network.subnets.get(&group.subnet)?;
                Some((group.nsgs.as_slice(), subnet.security_lists.as_slice()))
            });
            *seen.entry((name, subnet_of(group), guards.collect())).or_insert(index)
        };
        let firsts: Vec<_> = network.groups.iter().enumerate().map(first).collect();
        let mut members = BTreeMap::<_, Vec<_>>::new();
        for (index, first) in firsts.iter().enumerate() {
            members.entry(*first).or_default().push(index);
        }
        members.retain(|_, all| all.len() > 1);
        let vcn = |group: &Group| network.subnets.get(&group.subnet).map(|subnet| subnet.vcn.as_str());
        Self { firsts, members, vcns: network.groups.iter().map(vcn).collect() }
    }

    /// Whether two ends are in one VCN, and twins of them stand for both.
    pub fn is_said(&self, from: Endpoint, to: Endpoint) -> bool {
        self.are_inside(from, to) && (self.first(from) != from || self.first(to) != to)
    }

    /// Whether two ends are in one VCN.
    pub fn are_inside(&self, from: Endpoint, to: Endpoint) -> bool {
        let vcn = |end: Endpoint| match end {
            Endpoint::Group(index) => self.vcns.get(index).copied().flatten(),
            Endpoint::Internet | Endpoint::Services => None,
        };
        vcn(from).is_some_and(|home| vcn(to) == Some(home))
    }

    /// An end together with those that it stands for.
    pub fn of(&self, end: Endpoint) -> Vec<Endpoint> {
        match end {
            Endpoint::Group(first) => match self.members.get(&first) {
                Some(all) => all.iter().copied().map(Endpoint::Group).collect(),
                None => vec![end],
            },
            Endpoint::Internet | Endpoint::Services => vec![end],
        }
    }

    fn first(&self, end: Endpoint) -> Endpoint {
        match end {
            Endpoint::Group(index) => Endpoint::Group(self.firsts.get(index).copied().unwrap_or(index)),
            Endpoint::Internet | Endpoint::Services => end,
        }
    }
}

/// The key of a group's subnet, whichever route table is the group's. A subnet
/// with one of several tables, or with a VNIC's own, is an entry beside the
/// subnet's.
pub fn subnet_of(group: &Group) -> &str {
    without_table(&group.subnet)
}

/// The same of any subnet's key.
pub fn without_table(subnet: &str) -> &str {
    subnet.split_once(" with ").map_or(subnet, |(subnet, _)| subnet)
}
