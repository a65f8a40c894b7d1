//! Which endpoints may have anything to say to each other. Found from the
//! receivers' rules, so that those who have not cost nothing.

use super::Engine;
use super::equivalence::Class;
use super::network::{Direction, Endpoint, Peer};
use std::collections::{BTreeMap, BTreeSet};

/// The classes of one VCN, by what rules call them.
struct Index<'a> {
    /// By NSG.
    members: BTreeMap<&'a str, Vec<Endpoint>>,
    /// Ranges of addresses by their start, with the last address that one so
    /// far has.
    ranges: Vec<(u64, u64, Endpoint, u64)>,
}

/// The pairs between which something may pass: within a VCN, from the
/// internet and out.
pub fn candidates(engine: &Engine<'_>, classes: &[Class]) -> Vec<(Endpoint, Endpoint)> {
    let index = Index::new(engine, classes);
    let mut pairs = Vec::new();
    for class in classes {
        let to = class.first;
        pairs.extend([(Endpoint::Internet, to), (to, Endpoint::Internet), (to, Endpoint::Services)]);
        let senders = index.senders(engine, to);
        pairs.extend(senders.into_iter().filter(|from| *from != to || !class.is_one_vnic).map(|from| (from, to)));
    }
    pairs
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

    /// Those that an ingress rule of the receiver is for.
    fn senders(&self, engine: &Engine<'_>, to: Endpoint) -> BTreeSet<Endpoint> {
        let mut senders = BTreeSet::new();
        let Some(policy) = engine.policy(to) else { return senders };
        for rule in policy.all_rules(Direction::Ingress) {
            match (&rule.rule.peer, &rule.peer) {
                (Peer::Nsg(nsg), _) => senders.extend(self.members.get(nsg.as_str()).into_iter().flatten()),
                (_, Some(peer)) => {
                    // Back from those that begin too late, to where none
                    // before reaches as far.
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
