//! The `oke_cluster` spell: an OKE cluster with its NSGs, rules and node
//! pools in a VCN of the stack.

mod addon;
mod balancers;
mod cluster_type;
mod cni;
mod control_plane;
mod cycling;
mod describe;
#[rustfmt::skip]
mod elsewhere_rules;
mod endpoint;
mod eviction;
#[rustfmt::skip]
mod flannel_flows;
#[rustfmt::skip]
mod flannel_rules;
#[rustfmt::skip]
mod flows;
mod image;
#[rustfmt::skip]
mod internal_lb_rules;
mod metadata;
mod model;
mod needs;
mod node_count;
mod node_nsgs;
mod node_pool;
#[rustfmt::skip]
mod nsg_rules;
mod placement;
mod preflight;
mod profile;
mod read;
mod resources;
mod review;
mod roles;
mod runbook;
#[rustfmt::skip]
mod security_lists;
#[rustfmt::skip]
mod security_lists_apart;
#[rustfmt::skip]
mod strict_nsg_rules;
mod subnets;
mod tables;
mod taints;
mod user_data;
#[rustfmt::skip]
mod virtual_flows;
mod virtual_pool;
#[rustfmt::skip]
mod virtual_rules;
#[rustfmt::skip]
mod workload_rules;
mod workloads;

pub use model::client_flows;
pub use needs::{Needs, requirements as cluster_flows};

use super::identity::Identity;
use super::{Check, Kind, Mock, Repeat, Section, Sketch, Spell};
use crate::contract::oke::{POD, WORKER};
use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::graph::Graph;
use crate::role::Role;
use crate::rule::ANYWHERE;
use crate::spec::VariableUse;
use crate::spec::version::Version;
use crate::symbols::Reference;
use crate::topology::{Absent, Demand, Draft, Home, Name, NsgId, Relation, Tenant, Tier, Topology, VcnId, Words};
use addon::Addon;
use balancers::Balancers;
use cluster_type::ClusterType;
use cni::Cni;
use control_plane::ControlPlane;
use endpoint::Endpoint;
use ipnet::Ipv4Net;
use node_pool::NodePool;
use profile::Profile;
use std::net::Ipv4Addr;
use subnets::Subnets;
use virtual_pool::VirtualPool;
use workloads::Workload;

pub const KIND: Kind = Kind { block_type: "oke_cluster", has_prose_label: false, has_vnics: true, read: read::read };

/// What it is called in messages.
const WORD: &str = "cluster";

static DEMAND: Words =
    Words { what: "the node pools", users: "nodes and pods", lower: "`node_count` or `max_pods_per_node`" };

/// Where pods are in an overlay, or in another tier.
static NODES_DEMAND: Words = Words { what: "the node pools", users: "nodes", lower: "`node_count`" };

static PODS_DEMAND: Words =
    Words { what: "the node pools", users: "pods", lower: "`node_count` or `max_pods_per_node`" };

struct OkeCluster {
    /// The VCN as the spec names it; where it does not, the stack's only one.
    vcn: Option<At<Reference<VcnId>>>,
    display_name: String,
    kind: ClusterType,
    kubernetes_version: Version,
    cni: At<Cni>,
    /// None where the spec's is wrong; then nothing is built.
    pods_cidr: Option<At<Ipv4Net>>,
    services_cidr: Option<At<Ipv4Net>>,
    endpoint: Endpoint,
    endpoint_tier: Tier,
    balancers: Balancers,
    control_plane: ControlPlane,
    workloads: Vec<Workload>,
    /// As the spec lists them.
    api_allowed_cidrs: Option<Vec<Ipv4Net>>,
    /// Where the spec says it; else it is the VCN's.
    security_profile: Option<At<&'static Profile>>,
    create_kubeconfig: Option<At<String>>,
    /// Whether a plan asks OKE what it offers.
    preflight_checks: bool,
    node_pools: Vec<NodePool>,
    virtual_pools: Vec<VirtualPool>,
    addons: Vec<Addon>,
    relations: Vec<Relation>,
    identity: Identity,
}

fn cidr_text(cidr: &Option<At<Ipv4Net>>) -> String {
    cidr.as_ref().map(|cidr| cidr.value.to_string()).unwrap_or_default()
}

fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}

/// A private /16 that meets none of the networks in use.
fn free_range(used: &[Ipv4Net]) -> Option<Ipv4Net> {
    let tens = (2..=255).map(|block| Ipv4Addr::new(10, block, 0, 0));
    let others = (16..=31).map(|block| Ipv4Addr::new(172, block, 0, 0)).chain([Ipv4Addr::new(192, 168, 0, 0)]);
    let ranges = tens.chain(others).filter_map(|address| Ipv4Net::new(address, 16).ok());
    ranges.into_iter().find(|net| !used.iter().any(|other| overlap(*net, *other)))
}

impl OkeCluster {
    const fn name(&self) -> &Name {
        &self.identity.name.value
    }

    /// The NSG of one of its roles.
    fn nsg(&self, role: &'static Role) -> NsgId {
        NsgId { owner: self.name().clone(), role: self.role(role) }
    }

    /// Whether its API endpoint admits the VCN, whatever addresses that has.
    fn admits_vcn(&self) -> bool {
        self.endpoint == Endpoint::Private && self.api_allowed_cidrs.is_none()
    }

    /// Whom its API endpoint admits, but for the VCN.
    fn listed_clients(&self) -> Vec<Ipv4Net> {
        let default = if self.admits_vcn() { Vec::new() } else { vec![ANYWHERE] };
        self.api_allowed_cidrs.clone().unwrap_or(default)
    }

    /// Whom its API endpoint admits, in a VCN of these addresses.
    fn clients(&self, vcn: Ipv4Net) -> Vec<Ipv4Net> {
        if self.admits_vcn() { vec![vcn] } else { self.listed_clients() }
    }

    /// Its profile in a VCN with a baseline of its own.
    fn profile(&self, of_vcn: Option<&str>) -> &'static Profile {
        let said = self.security_profile.as_ref().map(|at| at.value);
        said.or_else(|| Profile::named(of_vcn?)).unwrap_or(&profile::REFERENCE)
    }

    fn find_vcn(&self, draft: &Draft<'_>) -> Result<VcnId, Diagnostic> {
        draft.find_vcn(self.vcn.as_ref(), WORD, &self.identity.name)
    }

    fn demands(&self, pool: &NodePool) -> Vec<Demand> {
        let (nodes, pods) = (pool.node_count.most(), pool.planned_pods());
        let demand = |tier, addresses, sum, words| {
            let span = pool.node_count.span.clone();
            Demand { span, tier, addresses, sum, words }
        };
        let Subnets { nodes: tier, pods: pod_tier } = pool.subnets;
        let of_nodes = demand(tier, nodes, format!("{nodes} nodes"), &NODES_DEMAND);
        if self.cni.value == Cni::Flannel {
            return vec![of_nodes];
        }
        // One address a node and one a pod. A lower bound: the CNI takes a pod
        // VNIC's 31 addresses at once.
        let of_pods = nodes.saturating_mul(pods);
        if tier != pod_tier {
            let sum = format!("{nodes} nodes × {pods} pods = {of_pods}");
            return vec![of_nodes, demand(pod_tier, of_pods, sum, &PODS_DEMAND)];
        }
        let addresses = of_pods.saturating_add(nodes);
        let sum = format!("{nodes} nodes × {pods} pods + {nodes} nodes = {addresses}");
        vec![demand(tier, addresses, sum, &DEMAND)]
    }

    /// Whose addresses workloads have.
    fn workload_role(&self) -> &'static Role {
        if self.cni.value == Cni::Flannel { &WORKER } else { &POD }
    }

    /// What to say to who names the pods where they have no VNICs.
    fn pods_without_vnics(&self) -> Option<Absent> {
        (self.cni.value == Cni::Flannel).then(|| Absent {
            word: POD.word,
            instead: WORKER.word,
            why: "pods in a flannel overlay have no VNICs, and send with their worker's address",
            span: self.cni.span.clone(),
        })
    }

    /// A file that two clusters would write is one of them lost.
    fn claim_kubeconfig(&self, draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
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
}

impl Spell for OkeCluster {
    fn identity(&self) -> Option<&Identity> {
        Some(&self.identity)
    }

    fn variables(&self) -> Vec<&VariableUse> {
        let pools = self.node_pools.iter().flat_map(NodePool::variables);
        let pools = pools.chain(self.virtual_pools.iter().flat_map(VirtualPool::variables));
        let own = self.identity.uses.iter().chain(&self.control_plane.uses);
        own.chain(pools).chain(self.addons.iter().flat_map(Addon::variables)).collect()
    }

    fn contribute(&self, draft: &mut Draft<'_>, diagnostics: &mut Diagnostics) {
        let vcn = match self.find_vcn(draft) {
            Ok(vcn) => vcn,
            Err(problem) => return diagnostics.push(problem),
        };
        self.claim_kubeconfig(draft, diagnostics);
        let of_vcn = || draft.own_baseline(&vcn).map(|own| own.baseline.word);
        let profile = draft.assumed_profile().and_then(Profile::named).unwrap_or_else(|| self.profile(of_vcn()));
        let tenant = Tenant {
            clients: self.listed_clients(),
            baseline: Some(profile.baseline),
            lists: self.lists(profile),
            nsgs: self.nsgs(profile),
            forwarded: self.balancers.forwarded().map(|all| (&WORKER, all.to_vec())),
            absent: self.pods_without_vnics(),
            opener: Some(self.workload_role()),
            receiver: Some(self.workload_role()),
            relations: self.relations.clone(),
            demands: {
                let managed = self.node_pools.iter().flat_map(|pool| self.demands(pool));
                managed.chain(self.virtual_pools.iter().map(VirtualPool::demand)).collect()
            },
            relief: "give a cluster a VCN of its own, or admit fewer, larger CIDRs in `api_allowed_cidrs`",
            ..Tenant::new(&self.identity.name, KIND.block_type, WORD)
        };
        draft.add_tenant(vcn, tenant);
    }

    fn review(&self, draft: &Draft<'_>, diagnostics: &mut Diagnostics) {
        if let Ok(vcn) = self.find_vcn(draft) {
            review::review(self, &vcn, draft, diagnostics);
        }
    }

    fn home<'a>(&self, topology: &'a Topology) -> Option<Home<'a>> {
        topology.home(self.name())
    }

    fn build(&self, topology: &Topology, graph: &mut Graph) {
        if let Some(home) = self.home(topology) {
            resources::build(self, home, graph);
        }
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        self.home(topology).map(|home| describe::checks(self, home.vcn.name())).unwrap_or_default()
    }

    fn scripts(&self) -> Vec<(String, String)> {
        let pools = self.node_pools.iter().filter(|pool| user_data::is_needed(pool));
        pools.map(|pool| user_data::script(pool, &self.pool_identifier(pool))).collect()
    }

    fn files(&self) -> Vec<&str> {
        self.node_pools.iter().flat_map(|pool| &pool.files).map(String::as_str).collect()
    }

    fn mocks(&self) -> Vec<Mock> {
        self.preflight_mocks()
    }

    fn section(&self, topology: &Topology) -> Option<Section> {
        self.home(topology).map(|home| describe::section(self, home))
    }

    fn repeats(&self) -> Vec<Repeat> {
        let name = Repeat {
            what: "the name of a cluster",
            value: self.display_name.clone(),
            consequence: "the console and `oci ce cluster list` show it twice",
            breaks: false,
        };
        let kubeconfig = self.create_kubeconfig.iter().map(|path| Repeat {
            what: "the file of a kubeconfig",
            value: path.value.clone(),
            consequence: "each call writes it over the other's",
            breaks: true,
        });
        std::iter::once(name).chain(kubeconfig).collect()
    }

    fn flows(&self, topology: &Topology, sketch: &mut Sketch) {
        if let Some(home) = self.home(topology) {
            model::add_flows(self, home, sketch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_free_range_meets_no_other_and_there_may_be_none() {
        let free = |used: &[&str]| {
            let used: Vec<Ipv4Net> = used.iter().filter_map(|net| net.parse().ok()).collect();
            free_range(&used).map(|net| net.to_string())
        };
        assert_eq!(free(&["10.2.0.0/15"]).as_deref(), Some("10.4.0.0/16"));
        assert_eq!(free(&["10.0.0.0/8"]).as_deref(), Some("172.16.0.0/16"));
        assert_eq!(free(&["10.0.0.0/8", "172.16.0.0/12"]).as_deref(), Some("192.168.0.0/16"));
        assert_eq!(free(&["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]), None);
    }
}
