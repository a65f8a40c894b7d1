//! NSGs of the user's own on a pool's nodes, beside the cluster's. What rules
//! they have is not in the stack: it is said, and counts as not known.

use super::OkeCluster;
use super::balancers::Keeper;
use super::resources::node_nsgs;
use crate::contract::oke::WORKER;
use crate::diagnostic::{At, Diagnostic, Diagnostics, listed};
use crate::facts::limits;
use crate::graph::{Address, Value};
use crate::prove::{Concerns, May, Unknown};
use crate::spec::list::items;
use crate::spec::value::{Objection, passthrough};
use crate::spec::{BlockReader, Passthrough};
use crate::spells::identity::user;
use crate::spells::nsgs::group_name;
use crate::topology::{Home, Tier};

/// What every node of a cluster is in.
pub fn ours(keeper: Keeper) -> &'static [&'static str] {
    match keeper {
        Keeper::Stack => &["the worker NSG of the cluster"],
        Keeper::Controller => {
            &["the worker NSG of the cluster", "the backend NSG that `load_balancer_rules = \"controller\"` adds"]
        }
    }
}

/// `ours` are those that the nodes are in anyway.
pub fn read(reader: &mut BlockReader<'_>, ours: &[&str]) -> Vec<Passthrough> {
    let title = reader.title().to_owned();
    let purpose = format!("OCID of an NSG of the nodes of {}", title.replace('"', ""));
    let given = reader.optional("nsg_ids", |field, diagnostics| {
        items(field, "[var.nsg_id]", diagnostics, |item, diagnostics| {
            passthrough(purpose.clone(), Some("networksecuritygroup"), check)(item, diagnostics)
        })
    });
    let Some(given) = given else { return Vec::new() };
    check_count(&title, &given, ours, reader.diagnostics);
    given.value
}

fn check(text: &str) -> Objection {
    (!text.starts_with("ocid1.networksecuritygroup."))
        .then_some(("not the OCID of an NSG", "write \"ocid1.networksecuritygroup....\" or var.nsg_id"))
}

fn check_count(title: &str, given: &At<Vec<Passthrough>>, ours: &[&str], diagnostics: &mut Diagnostics) {
    let (most, theirs) = (limits::NSGS_PER_VNIC, given.value.len());
    let sum = theirs + ours.len();
    if sum <= most {
        return;
    }
    diagnostics.push(
        Diagnostic::error(given.span.clone(), format!("a node of {title} would be in {sum} NSGs; OCI allows {most}"))
            .label(format!("{theirs} here, and {}", ours.join(" and ")))
            .help(format!("list at most {}, or put their rules into one", most.saturating_sub(ours.len()))),
    );
}

/// The NSGs as they are written.
fn names(given: &[Passthrough]) -> String {
    let names: Vec<_> = given.iter().map(|given| given.expression.to_string()).collect();
    listed(names.iter().map(|name| name.trim()).collect::<Vec<_>>())
}

impl OkeCluster {
    /// The NSGs of a pool's nodes, ours first.
    pub fn node_nsgs(&self, theirs: &[Passthrough]) -> Value {
        let theirs = theirs.iter().map(|given| user(&given.expression));
        Value::List(node_nsgs(self).into_iter().chain(theirs).collect())
    }

    /// What is not known of a cluster's nodes: rules that the NSGs of others
    /// have. They can only let more pass.
    pub fn unknown_nsgs(&self, home: Home<'_>) -> Vec<Unknown> {
        let details = "node_config_details[0].";
        let managed = self.node_pools.iter().map(|pool| (self.pool(pool), details, pool.subnets.nodes, &pool.nsg_ids));
        let others = self.virtual_pools.iter().map(|pool| (self.virtual_pool(pool), "", WORKER.tier, &pool.nsg_ids));
        let all = managed.chain(others).filter(|(.., given)| !given.is_empty());
        let workers = home.nsgs.iter().find(|nsg| *nsg.id.role == WORKER);
        let unknown = |(address, path, tier, given): (Address, &str, Tier, &Vec<Passthrough>)| Unknown {
            address: address.to_string(),
            attribute: format!("{path}nsg_ids"),
            why: format!(
                "its nodes are also in {}, whose rules are not in this stack; they may let more pass",
                names(given)
            ),
            may: May::Open,
            concerns: workers.map_or(Concerns::Everything, |nsg| Concerns::Group(group_name(nsg, home, tier))),
            is_as_named: false,
        };
        all.map(unknown).collect()
    }
}
