//! Candidate pairs: the endpoints between which something may pass. They are
//! found from the receivers' ingress rules, so that other pairs cost nothing.

use super::Engine;
use super::equivalence::Class;
use super::network::{Direction, Endpoint, Peer};
use super::policy::Policy;
use super::route;
use std::collections::{BTreeMap, BTreeSet};

/// The classes of one VCN, indexed by what a rule's peer can name.
struct Index<'a> {
    /// By NSG.
    members: BTreeMap<&'a str, Vec<Endpoint>>,
    /// Address ranges sorted by their start, each with the highest end so far.
    ranges: Vec<(u64, u64, Endpoint, u64)>,
}

/// The classes of every VCN, by the VCN.
pub struct Candidates<'a> {
    engine: &'a Engine<'a>,
    vcns: BTreeMap<&'a str, Index<'a>>,
}

impl<'a> Candidates<'a> {
    pub fn new(engine: &'a Engine<'_>, vcns: &'a BTreeMap<&str, Vec<Class>>) -> Self {
        Self { engine, vcns: vcns.iter().map(|(vcn, classes)| (*vcn, Index::new(engine, classes))).collect() }
    }

    /// The pairs between which something may pass whose receiver is in a VCN,
    /// and those that lead out of it: inside it, from and to the internet, to
    /// OCI services, and from the VCNs that routes connect to it. No more than
    /// `most` and those of one receiver; those that leave the VCN, or enter it,
    /// are all there.
    pub fn of(&self, vcn: &str, classes: &[Class], most: usize) -> Vec<(Endpoint, Endpoint)> {
        let outside = |class: &Class| {
            let here = class.first;
            [(Endpoint::Internet, here), (here, Endpoint::Internet), (here, Endpoint::Services)]
        };
        let mut pairs: Vec<_> = classes.iter().flat_map(outside).collect();
        for class in classes {
            if pairs.len() > most {
                break;
            }
            let to = class.first;
            let Some(policy) = self.engine.policy(to) else { continue };
            let mut senders = BTreeSet::new();
            for home in route::neighbours(self.engine.network, policy.subnet).into_iter().chain([vcn]) {
                let Some(index) = self.vcns.get(home) else { continue };
                senders.extend(index.senders(policy));
            }
            pairs.extend(senders.into_iter().filter(|from| *from != to || !class.is_one_vnic).map(|from| (from, to)));
        }
        pairs
    }
}

impl<'a> Index<'a> {
    fn new(engine: &'a Engine<'_>, classes: &[Class]) -> Self {
        let (mut members, mut ranges) = (BTreeMap::<_, Vec<_>>::new(), Vec::new());
        for class in classes {
            let Some(policy) = engine.policy(class.first) else { continue };
            for nsg in &policy.group.nsgs {
                members.entry(nsg.as_str()).or_default().push(class.first);
            }
            ranges.extend(policy.addresses.ranges().map(|range| (*range.start(), *range.end(), class.first, 0)));
        }
        ranges.sort();
        let mut last = 0;
        for (_, end, _, so_far) in &mut ranges {
            last = last.max(*end);
            *so_far = last;
        }
        Self { members, ranges }
    }

    /// The classes that some ingress rule of the receiver names.
    fn senders(&self, policy: &Policy<'_>) -> BTreeSet<Endpoint> {
        let mut senders = BTreeSet::new();
        for rule in policy.all_rules(Direction::Ingress) {
            match (&rule.rule.peer, &rule.peer) {
                (Peer::Nsg(nsg), _) => senders.extend(self.members.get(nsg.as_str()).into_iter().flatten()),
                (_, Some(peer)) => {
                    // Walk backwards from the last range that begins early
                    // enough, until no earlier range reaches the peer.
                    let begun = self.ranges.partition_point(|(start, ..)| start <= peer.end());
                    let before = self.ranges.iter().take(begun).rev();
                    let near = before.take_while(|(_, _, _, so_far)| so_far >= peer.start());
                    senders
                        .extend(near.filter(|(_, end, ..)| end >= peer.start()).map(|(_, _, endpoint, _)| *endpoint));
                }
                (_, None) => {}
            }
        }
        senders
    }
}
