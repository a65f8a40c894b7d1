//! What must pass between instances and others, and what is not known of them.

use super::{ComputeInstance, tables};
use crate::contract;
use crate::rule::Peer;
use crate::spells::instances::{INSTANCES, own_nsgs};
use crate::spells::sketch::{Place, Sketch};
use crate::topology::Home;

pub fn add_flows(instances: &ComputeInstance, home: Home<'_>, sketch: &mut Sketch) {
    let find = |peer: Peer| {
        let place = match peer {
            Peer::Subnet(tier) => Place::Tier(home.vcn.clone(), tier),
            Peer::Nsg(_) => Place::Nsg(instances.nsg()),
            _ => return Vec::new(),
        };
        sketch.find(&place).into_iter().collect()
    };
    let flows: Vec<_> = tables::flows(instances.role).flat_map(|requirement| requirement.flows(&[], find)).collect();
    sketch.add_flows(flows);
    let group = contract::role_group(instances.name().as_str(), instances.role);
    let path = "create_vnic_details[0].nsg_ids";
    sketch.add_unknowns(own_nsgs::unknown(&instances.address(), path, &instances.nsg_ids, &INSTANCES, group));
}
