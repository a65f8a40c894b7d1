//! A stack as the prover sees it: the network is the topology's, the flows are
//! the spells'.

use super::{nsgs, vcn};
use crate::prove::network::{Endpoint, Front, Group, Traffic};
use crate::prove::{Flow, Level, Model, Unknown};
use crate::topology::{DefaultRoute, NsgId, Tier, Topology, VcnId};
use std::collections::BTreeMap;

/// VNICs that a flow may begin or end at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All other VNICs of a tier's subnet.
    Tier(VcnId, Tier),
    /// Those of an NSG.
    Nsg(NsgId),
}

/// What passes between a tier without a way to the internet and the internet is
/// nothing that its VNICs need: who chose the tier chose that. `tier` is the tier
/// of a group.
pub fn as_far_as_tiers_go(flow: Flow, tier: impl Fn(usize) -> Option<Tier>) -> Flow {
    let is_shut = |end| match end {
        Endpoint::Group(at) => tier(at).is_some_and(|tier| tier.default_route() == DefaultRoute::None),
        _ => false,
    };
    let (from, to) = (flow.from, flow.to);
    // Of what comes from there only notices are answers to what was sent.
    let is_answer = from == Endpoint::Internet && matches!(flow.traffic, Traffic::Icmp { .. });
    let is_choice = (to == Endpoint::Internet && is_shut(from)) || (is_answer && is_shut(to));
    if is_choice { Flow { level: Level::Optional, ..flow } } else { flow }
}

/// A model whose network is whole and that still takes flows.
pub struct Sketch {
    pub(super) model: Model,
    places: BTreeMap<Place, Vec<usize>>,
    /// The tier of each group.
    tiers: BTreeMap<usize, Tier>,
}

impl Sketch {
    pub(super) fn new(topology: &Topology) -> Self {
        let mut sketch = Self { model: Model::default(), places: BTreeMap::new(), tiers: BTreeMap::new() };
        for (id, network) in topology.vcns() {
            vcn::draw(id, network, &mut sketch);
        }
        for home in topology.homes() {
            nsgs::draw(home, &mut sketch);
        }
        sketch
    }

    pub(super) fn add_group(&mut self, place: Place, tier: Tier, group: Group) {
        let groups = &mut self.model.network.groups;
        self.tiers.insert(groups.len(), tier);
        self.places.entry(place).or_default().push(groups.len());
        groups.push(group);
    }

    /// A group for each subnet that the VNICs are in.
    pub fn find(&self, place: &Place) -> Vec<Endpoint> {
        self.places.get(place).into_iter().flatten().copied().map(Endpoint::Group).collect()
    }

    /// Adds from where network load balancers may forward to some VNICs.
    pub fn add_fronts(&mut self, place: &Place, fronts: impl IntoIterator<Item = Front>) {
        let fronts: Vec<_> = fronts.into_iter().collect();
        for at in self.places.get(place).into_iter().flatten() {
            let Some(group) = self.model.network.groups.get_mut(*at) else { continue };
            group.fronts.extend(fronts.iter().cloned());
            group.fronts.sort();
        }
    }

    /// Adds flows, each as far as its ends' tiers can have it.
    pub fn add_flows(&mut self, flows: impl IntoIterator<Item = Flow>) {
        let flows = flows.into_iter().map(|flow| as_far_as_tiers_go(flow, |at| self.tiers.get(&at).copied()));
        self.model.flows.extend(flows.collect::<Vec<_>>());
    }

    /// Adds what is not known of the stack itself.
    pub fn add_unknowns(&mut self, unknowns: impl IntoIterator<Item = Unknown>) {
        self.model.unknowns.extend(unknowns);
        self.model.unknowns.sort();
    }

    /// Adds what is asked for but can't be judged from here.
    pub fn add_unjudged(&mut self, what: String) {
        self.model.unjudged.push(what);
    }
}
