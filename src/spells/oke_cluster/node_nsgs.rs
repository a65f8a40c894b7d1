//! The NSGs of a cluster's nodes: its own, and those that a pool names.

use super::OkeCluster;
use super::balancers::Keeper;
use super::resources::node_nsgs;
use crate::contract::oke::WORKER;
use crate::graph::Value;
use crate::prove::Unknown;
use crate::spec::Passthrough;
use crate::spells::identity::user;
use crate::spells::instances::{NODES, own_nsgs};
use crate::spells::nsgs::group_name;
use crate::topology::Home;

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
    pub fn unknown_nsgs(&self, home: Home<'_>) -> Vec<Unknown> {
        let path = "node_config_details[0].nsg_ids";
        let managed = self.node_pools.iter().map(|pool| (self.pool(pool), path, pool.subnets.nodes, &pool.nsg_ids));
        let others = self.virtual_pools.iter();
        let others = others.map(|pool| (self.virtual_pool(pool), "nsg_ids", WORKER.tier, &pool.nsg_ids));
        let workers = home.nsgs.iter().find(|nsg| *nsg.id.role == WORKER);
        let all = managed.chain(others).filter_map(|(address, path, tier, given)| {
            own_nsgs::unknown(&address, path, given, &NODES, group_name(workers?, home, tier))
        });
        all.collect()
    }
}
