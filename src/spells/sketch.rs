//! A stack as the prover sees it: the network is the topology's, the flows are
//! the spells'.

use super::{nsgs, vcn};
use crate::prove::network::{Endpoint, Front, Group};
use crate::prove::{Flow, Model, Unknown};
use crate::topology::{NsgId, Tier, Topology, VcnId};
use std::collections::BTreeMap;

/// VNICs that a flow may begin or end at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// All other VNICs of a tier's subnet.
    Tier(VcnId, Tier),
    /// Those of an NSG.
    Nsg(NsgId),
}

/// A model whose network is whole and that still takes flows.
pub struct Sketch {
    pub(super) model: Model,
    places: BTreeMap<Place, usize>,
}

impl Sketch {
    pub(super) fn new(topology: &Topology) -> Self {
        let mut sketch = Self { model: Model::default(), places: BTreeMap::new() };
        for (id, network) in topology.vcns() {
            vcn::draw(id, network, &mut sketch);
        }
        for home in topology.homes() {
            nsgs::draw(home, &mut sketch);
        }
        sketch
    }

    pub(super) fn add_group(&mut self, place: Place, group: Group) {
        let groups = &mut self.model.network.groups;
        self.places.insert(place, groups.len());
        groups.push(group);
    }

    pub fn find(&self, place: &Place) -> Option<Endpoint> {
        self.places.get(place).copied().map(Endpoint::Group)
    }

    /// Adds from where network load balancers may forward to some VNICs.
    pub fn add_fronts(&mut self, place: &Place, fronts: impl IntoIterator<Item = Front>) {
        if let Some(group) = self.places.get(place).and_then(|at| self.model.network.groups.get_mut(*at)) {
            group.fronts.extend(fronts);
            group.fronts.sort();
        }
    }

    pub fn add_flows(&mut self, flows: impl IntoIterator<Item = Flow>) {
        self.model.flows.extend(flows);
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
