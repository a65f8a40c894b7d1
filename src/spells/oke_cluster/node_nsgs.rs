//! The NSGs of a cluster's nodes: its own, and those that a pool names.

use super::OkeCluster;
use super::balancers::Keeper;
use super::resources::node_nsgs;
use crate::contract::{self, oke::WORKER};
use crate::graph::Value;
use crate::prove::Unknown;
use crate::spec::Passthrough;
use crate::spells::identity::user;
use crate::spells::instances::{NODES, own_nsgs};

/// What every node of a cluster is in.
pub fn ours(keeper: Keeper) -> &'static [&'static str] {
    match keeper {
        Keeper::Stack => &["the worker NSG of the cluster"],
        Keeper::Controller => {
            &["the worker NSG of the cluster", "the backend NSG that `load_balancer_rules = \"controller\"` adds"]
        }
    }
}

impl OkeCluster {
    /// The NSGs of a pool's nodes, ours first.
    pub fn node_nsgs(&self, theirs: &[Passthrough]) -> Value {
        let theirs = theirs.iter().map(|given| user(&given.expression));
        Value::List(node_nsgs(self).into_iter().chain(theirs).collect())
    }

    /// What is not known of a cluster's nodes: rules that the NSGs of others
    /// have.
    pub fn unknown_nsgs(&self) -> impl Iterator<Item = Unknown> {
        let managed =
            self.node_pools.iter().map(|pool| (self.pool(pool), "node_config_details[0].nsg_ids", &pool.nsg_ids));
        let others = self.virtual_pools.iter().map(|pool| (self.virtual_pool(pool), "nsg_ids", &pool.nsg_ids));
        managed.chain(others).filter_map(|(address, path, given)| {
            let group = contract::role_group(self.name().as_str(), &WORKER);
            own_nsgs::unknown(&address, path, given, &NODES, group)
        })
    }
}
