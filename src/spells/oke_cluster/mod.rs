//! The `oke_cluster` spell: an OKE cluster with its NSGs, rules and node
//! pools in a VCN of the stack.

mod describe;
#[rustfmt::skip]
mod flows;
mod model;
mod node_pool;
#[rustfmt::skip]
mod nsg_rules;
mod read;
mod resources;
#[rustfmt::skip]
mod security_lists;
#[rustfmt::skip]
mod strict_nsg_rules;

pub use flows::FLOWS as CLUSTER_FLOWS;

use super::identity::Identity;
use super::{Check, Kind, Section, Spell};
use crate::diagnostic::{At, Diagnostic, Diagnostics, listed, nearest, quoted};
use crate::graph::{Address, Graph};
use crate::prove::Sketch;
use crate::rule::{Direction, Rule};
use crate::spec::VariableUse;
use crate::topology::{Contributor, Demand, Draft, Name, Nsg, Tier, Topology};
use ipnet::Ipv4Net;
use node_pool::NodePool;
use std::net::Ipv4Addr;

pub const KIND: Kind = Kind { block_type: "oke_cluster", read: read::read };

/// The roles of a cluster's VNICs, as the peers of rules.
mod roles {
    use crate::rule::Peer;

    pub const API: Peer = Peer::Nsg("api");
    pub const LB: Peer = Peer::Nsg("lb");
    pub const WORKER: Peer = Peer::Nsg("worker");
    pub const POD: Peer = Peer::Nsg("pod");
}

/// Which rules a cluster brings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Profile {
    /// The architecture reference's, in both layers.
    Reference,
    /// What Oracle's pages require, HTTPS to the internet and pods to the
    /// secure tier, in the NSGs alone.
    Strict,
}

/// Each role's NSG with its ingress and egress tables.
type Nsgs = [(&'static str, &'static [Rule], &'static [Rule]); 4];

const NSGS: Nsgs = [
    ("api", nsg_rules::API_INGRESS, nsg_rules::API_EGRESS),
    ("lb", nsg_rules::LB_INGRESS, nsg_rules::LB_EGRESS),
    ("worker", nsg_rules::WORKER_INGRESS, nsg_rules::WORKER_EGRESS),
    ("pod", nsg_rules::POD_INGRESS, nsg_rules::POD_EGRESS),
];

const STRICT_NSGS: Nsgs = [
    ("api", strict_nsg_rules::API_INGRESS, strict_nsg_rules::API_EGRESS),
    ("lb", strict_nsg_rules::LB_INGRESS, strict_nsg_rules::LB_EGRESS),
    ("worker", strict_nsg_rules::WORKER_INGRESS, strict_nsg_rules::WORKER_EGRESS),
    ("pod", strict_nsg_rules::POD_INGRESS, strict_nsg_rules::POD_EGRESS),
];

struct OkeCluster {
    name: At<Name>,
    /// The VCN as the spec names it; where it does not, the stack's only one.
    vcn: Option<At<Name>>,
    display_name: String,
    kubernetes_version: String,
    /// None where the spec's is wrong; then nothing is built.
    pods_cidr: Option<At<Ipv4Net>>,
    services_cidr: Option<At<Ipv4Net>>,
    api_allowed_cidrs: Vec<Ipv4Net>,
    security_profile: Profile,
    create_kubeconfig: Option<At<String>>,
    node_pools: Vec<NodePool>,
    identity: Identity,
}

fn cidr_text(cidr: &Option<At<Ipv4Net>>) -> String {
    cidr.as_ref().map(|cidr| cidr.value.to_string()).unwrap_or_default()
}

fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}

impl OkeCluster {
    /// The cluster's VCN, which must be in the stack.
    fn find_vcn(&self, draft: &Draft, diagnostics: &mut Diagnostics) -> Option<Name> {
        let known = || draft.vcn_names().map(Name::as_str);
        let name = &self.name.value;
        let only = if known().len() == 1 { draft.vcn_names().next() } else { None };
        let diagnostic = match (&self.vcn, only) {
            (Some(vcn), _) if draft.has_vcn(&vcn.value) => return Some(vcn.value.clone()),
            (None, Some(only)) => return Some(only.clone()),
            (Some(vcn), _) => {
                let diagnostic =
                    Diagnostic::error(vcn.span.clone(), format!("there is no vcn \"{}\" in this spec", vcn.value));
                match nearest(vcn.value.as_str(), known()) {
                    Some(name) => diagnostic.label(format!("did you mean `vcn.{name}`?")),
                    None => diagnostic.label("not in this spec"),
                }
            }
            (None, None) if known().len() == 0 => {
                Diagnostic::error(self.name.span.clone(), format!("cluster \"{name}\" has no VCN to be in"))
                    .label("a cluster needs a VCN")
            }
            (None, None) => {
                Diagnostic::error(self.name.span.clone(), format!("cluster \"{name}\" does not say which VCN it is in"))
                    .label("there are several")
            }
        };
        let one_of = match only {
            Some(only) => format!("write `vcn = vcn.{only}`, the only VCN"),
            None if known().len() == 0 => "add `vcn \"lab\" {}` to the spec".to_owned(),
            None => format!("add `vcn = vcn.NAME`; the VCNs are {}", listed(known())),
        };
        diagnostics.push(diagnostic.help(one_of));
        None
    }

    fn check_overlap(&self, vcn: &Name, draft: &Draft, diagnostics: &mut Diagnostics) {
        let Some((cidr, vcn_span)) = draft.vcn_cidr(vcn) else { return };
        let networks = [("services_cidr", &self.services_cidr), ("pods_cidr", &self.pods_cidr)];
        let used: Vec<_> =
            networks.iter().filter_map(|(_, net)| net.as_ref()).map(|net| net.value).chain([cidr]).collect();
        for (attribute, net) in networks {
            let Some(net) = net.as_ref().filter(|net| overlap(net.value, cidr)) else { continue };
            let origin = if net.span == self.name.span { " by default" } else { "" };
            let name = &self.name.value;
            let message =
                format!("`{attribute}` of cluster \"{name}\" is {}{origin}, which overlaps its VCN", net.value);
            diagnostics.push(
                Diagnostic::error(net.span.clone(), message)
                    .label("must be outside of the VCN")
                    .related(vcn_span.clone(), format!("the VCN is {cidr}"))
                    .help(format!("for example `{attribute} = \"{}\"`", free_range(&used))),
            );
        }
    }

    /// A file that two clusters would write is one of them lost.
    fn claim_kubeconfig(&self, draft: &mut Draft, diagnostics: &mut Diagnostics) {
        let Some(path) = &self.create_kubeconfig else { return };
        if let Some(first) = draft.claim(&format!("kubeconfig {}", path.value), path.span.clone()) {
            diagnostics.push(
                Diagnostic::error(
                    path.span.clone(),
                    format!("two clusters would write their kubeconfig to {}", quoted(&path.value)),
                )
                .label("the same file")
                .related(first, "written by this one")
                .help("give each cluster a file of its own"),
            );
        }
    }

    /// The rules of a table, its clients written out.
    fn expand(&self, table: &[Rule]) -> Vec<Rule> {
        table.iter().flat_map(|rule| rule.expand(&self.api_allowed_cidrs)).collect()
    }
}

/// A /16 that meets none of the networks in use.
fn free_range(used: &[Ipv4Net]) -> Ipv4Net {
    (2..=255)
        .filter_map(|block| Ipv4Net::new(Ipv4Addr::new(10, block, 0, 0), 16).ok())
        .find(|net| !used.iter().any(|other| overlap(*net, *other)))
        .unwrap_or_default()
}

impl Spell for OkeCluster {
    fn name(&self) -> &At<Name> {
        &self.name
    }

    fn variables(&self) -> Vec<&VariableUse> {
        self.identity.uses.iter().chain(self.node_pools.iter().flat_map(NodePool::variables)).collect()
    }

    fn needs_compartment(&self) -> bool {
        self.identity.needs_compartment()
    }

    fn contribute(&self, draft: &mut Draft, diagnostics: &mut Diagnostics) {
        let Some(vcn) = self.find_vcn(draft, diagnostics) else { return };
        self.check_overlap(&vcn, draft, diagnostics);
        self.claim_kubeconfig(draft, diagnostics);
        let strict = draft.assumes_strict() || self.security_profile == Profile::Strict;
        let contributor = Contributor {
            span: self.name.span.clone(),
            what: format!("cluster \"{}\"", self.name.value),
            clients: self.api_allowed_cidrs.iter().copied().collect(),
            strict,
        };
        draft.add_contributor(&vcn, contributor);
        let lists = [
            (Tier::Public, Direction::Ingress, security_lists::PUBLIC_INGRESS),
            (Tier::Public, Direction::Egress, security_lists::PUBLIC_EGRESS),
            (Tier::Private, Direction::Ingress, security_lists::PRIVATE_INGRESS),
            (Tier::Private, Direction::Egress, security_lists::PRIVATE_EGRESS),
        ];
        for (tier, direction, table) in lists.into_iter().filter(|_| !strict) {
            draft.add_rules(&vcn, tier, direction, self.expand(table));
        }
        for (role, ingress, egress) in if strict { STRICT_NSGS } else { NSGS } {
            let nsg = Nsg { role, ingress: self.expand(ingress), egress: self.expand(egress) };
            draft.add_nsg(&self.name.value, nsg);
        }
        for pool in &self.node_pools {
            let demand = Demand {
                span: pool.node_count.span.clone(),
                nodes: pool.node_count.value,
                pods_per_node: pool.planned_pods(),
            };
            draft.add_demand(&vcn, demand);
        }
        draft.add_home(&self.name.value, vcn);
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        resources::build(self, topology, graph);
    }

    fn landmarks(&self) -> Vec<Address> {
        NSGS.map(|(role, _, _)| self.nsg(role)).into()
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        topology.home(&self.name.value).map(|(vcn, _)| describe::checks(self, vcn, topology)).unwrap_or_default()
    }

    fn section(&self, topology: &Topology) -> Option<Section> {
        describe::section(self, topology)
    }

    fn model(&self, topology: &Topology, sketch: &mut Sketch) {
        model::add(self, topology, sketch);
    }
}
