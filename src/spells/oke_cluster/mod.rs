//! The `oke_cluster` spell: an OKE cluster with its NSGs, rules and node
//! pools in a VCN of the stack.

mod describe;
mod node_pool;
#[rustfmt::skip]
mod nsg_rules;
mod resources;
#[rustfmt::skip]
mod security_lists;

use super::common::{Identity, display_name_or_name};
use super::{Check, Kind, Section, Spell};
use crate::diagnostic::{At, Diagnostic, Diagnostics, Span, listed};
use crate::graph::{Address, Graph};
use crate::rule::{Direction, Rule};
use crate::spec::value::{cidr_list, kubernetes_version, private_cidr, string, vcn_reference};
use crate::spec::{BlockReader, Field, VariableUse, report_collisions};
use crate::topology::{Demand, Draft, Name, Nsg, Tier, Topology, limits};
use ipnet::Ipv4Net;
use node_pool::NodePool;
use std::net::Ipv4Addr;

pub const KIND: Kind = Kind { block_type: "oke_cluster", read };

/// Where the spec does not say; both as in the reference.
const DEFAULT_PODS_CIDR: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 2, 0, 0), 16);
const DEFAULT_SERVICES_CIDR: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 3, 0, 0), 16);

/// Rules of the API endpoint's NSG that do not depend on `api_allowed_cidrs`.
const FIXED_API_RULES: usize = nsg_rules::API_INGRESS.len() - 1 + nsg_rules::API_EGRESS.len();

/// The roles of a cluster's VNICs, each with an NSG.
const ROLES: [&str; 4] = ["api", "lb", "worker", "pod"];

struct OkeCluster {
    name: At<Name>,
    /// The VCN as the spec names it; where it does not, the stack's only one.
    vcn: Option<At<Name>>,
    display_name: String,
    kubernetes_version: String,
    pods_cidr: At<Ipv4Net>,
    services_cidr: At<Ipv4Net>,
    api_allowed_cidrs: Vec<Ipv4Net>,
    create_kubeconfig: Option<String>,
    node_pools: Vec<NodePool>,
    identity: Identity,
}

fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let name = reader.name();
    let vcn = reader.optional("vcn", vcn_reference);
    let version = reader.required("kubernetes_version", "\"v1.32.1\"", kubernetes_version);
    let display_name = display_name_or_name(reader);
    let mut network = |attribute, (address, prefix): (Ipv4Addr, u8)| {
        let default = Ipv4Net::new(address, prefix).unwrap_or_default();
        reader.optional(attribute, private_cidr(true)).unwrap_or_else(|| At::new(default, name.span.clone()))
    };
    let pods_cidr = network("pods_cidr", DEFAULT_PODS_CIDR);
    let services_cidr = network("services_cidr", DEFAULT_SERVICES_CIDR);
    if overlap(pods_cidr.value, services_cidr.value) {
        reader.diagnostics.push(
            Diagnostic::error(
                services_cidr.span.clone(),
                format!("`services_cidr` ({}) overlaps `pods_cidr` ({})", services_cidr.value, pods_cidr.value),
            )
            .label("services")
            .related(pods_cidr.span.clone(), "pods")
            .help("give each a range of its own"),
        );
    }
    let clients = reader.optional("api_allowed_cidrs", cidr_list);
    if let Some(clients) = &clients {
        check_client_count(clients, reader.diagnostics);
    }
    let kubeconfig = reader.optional("create_kubeconfig", kubeconfig_path);
    let identity = Identity::read(reader, "oke-cluster");
    let mut node_pools = reader.blocks("node_pool", NodePool::read);
    let labels =
        node_pools.iter().map(|pool| (pool.name.value.as_str(), pool.name.value.identifier(), pool.name.span.clone()));
    report_collisions(labels, &format!("node pools of {}", reader.title()), reader.diagnostics);
    check_node_count(&name, &node_pools, reader.diagnostics);
    node_pools.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    Some(Box::new(OkeCluster {
        name,
        vcn,
        display_name,
        kubernetes_version: version?.value,
        pods_cidr,
        services_cidr,
        api_allowed_cidrs: clients.map_or_else(|| vec![Ipv4Net::default()], |at| at.value),
        create_kubeconfig: kubeconfig.map(|at| at.value),
        node_pools,
        identity,
    }))
}

fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b) || b.contains(&a)
}

fn kubeconfig_path(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let path = string(field, diagnostics)?;
    if !path.is_empty() && !path.ends_with('/') && !path.contains('\n') {
        return Some(path);
    }
    diagnostics.push(
        Diagnostic::error(field.span.clone(), "`create_kubeconfig` is the path of a file")
            .label("not a path of a file")
            .help("for example \"~/.kube/lab\"; leave it out to write none (the content would be in the state)"),
    );
    None
}

fn check_client_count(clients: &At<Vec<Ipv4Net>>, diagnostics: &mut Diagnostics) {
    let most = limits::RULES_PER_NSG - FIXED_API_RULES;
    let count = clients.value.len();
    if count > most {
        diagnostics.push(
            Diagnostic::error(clients.span.clone(), format!("`api_allowed_cidrs` lists {count} CIDRs; {most} fit"))
                .label("one rule each")
                .help(format!("an NSG has at most {} rules, and the API endpoint's has {FIXED_API_RULES} others: list fewer, larger networks", limits::RULES_PER_NSG)),
        );
    }
}

fn check_node_count(name: &At<Name>, pools: &[NodePool], diagnostics: &mut Diagnostics) {
    let total: u64 = pools.iter().map(|pool| pool.node_count.value).sum();
    if total <= limits::NODES_PER_BASIC_CLUSTER {
        return;
    }
    let message = format!(
        "cluster \"{}\" would have {total} nodes; a basic cluster has at most {}",
        name.value,
        limits::NODES_PER_BASIC_CLUSTER
    );
    let mut diagnostic =
        Diagnostic::error(name.span.clone(), message).help("lower the pools' `node_count`, or make a second cluster");
    for pool in pools {
        diagnostic = diagnostic.related(pool.node_count.span.clone(), format!("{} nodes", pool.node_count.value));
    }
    diagnostics.push(diagnostic);
}

impl OkeCluster {
    /// The cluster's VCN, which must be in the stack.
    fn find_vcn(&self, draft: &Draft, diagnostics: &mut Diagnostics) -> Option<Name> {
        let known: Vec<_> = draft.vcn_names().map(Name::as_str).collect();
        let names = listed(known.iter().copied());
        let (span, message, help): (Span, _, _) = match (&self.vcn, known.as_slice()) {
            (Some(vcn), _) if draft.vcn_cidr(&vcn.value).is_some() => return Some(vcn.value.clone()),
            (Some(vcn), []) => (
                vcn.span.clone(),
                format!("there is no vcn \"{}\" in this spec", vcn.value),
                format!("add `vcn \"{}\" {{}}`", vcn.value),
            ),
            (Some(vcn), _) => (
                vcn.span.clone(),
                format!("there is no vcn \"{}\" in this spec", vcn.value),
                format!("the VCNs are {names}"),
            ),
            (None, [_]) => return draft.vcn_names().next().cloned(),
            (None, []) => (
                self.name.span.clone(),
                format!("cluster \"{}\" has no VCN to be in", self.name.value),
                "add `vcn \"lab\" {}` to the spec".to_owned(),
            ),
            (None, _) => (
                self.name.span.clone(),
                format!("cluster \"{}\" does not say which VCN it is in", self.name.value),
                format!("add `vcn = vcn.NAME`; the VCNs are {names}"),
            ),
        };
        diagnostics.push(Diagnostic::error(span, message).label("a cluster needs a VCN").help(help));
        None
    }

    fn check_overlap(&self, vcn: &Name, draft: &Draft, diagnostics: &mut Diagnostics) {
        let Some((cidr, vcn_span)) = draft.vcn_cidr(vcn) else { return };
        for (attribute, net) in [("services_cidr", &self.services_cidr), ("pods_cidr", &self.pods_cidr)] {
            if !overlap(net.value, cidr) {
                continue;
            }
            let from_default = net.span == self.name.span;
            let origin = if from_default { " by default" } else { "" };
            diagnostics.push(
                Diagnostic::error(
                    net.span.clone(),
                    format!(
                        "`{attribute}` of cluster \"{}\" is {}{origin}, which overlaps its VCN",
                        self.name.value, net.value
                    ),
                )
                .label("must be outside of the VCN")
                .related(vcn_span.clone(), format!("the VCN is {cidr}"))
                .help(format!(
                    "set `{attribute}` to a range outside of {cidr}, for example \"{}\"",
                    free_range(cidr, [self.pods_cidr.value, self.services_cidr.value])
                )),
            );
        }
    }

    /// The rules of a table, its clients written out.
    fn expand(&self, table: &[Rule]) -> Vec<Rule> {
        table.iter().flat_map(|rule| rule.expand(&self.api_allowed_cidrs)).collect()
    }
}

/// A /16 that meets none of the networks in use.
fn free_range(vcn: Ipv4Net, others: [Ipv4Net; 2]) -> Ipv4Net {
    (2..=255)
        .filter_map(|block| Ipv4Net::new(Ipv4Addr::new(10, block, 0, 0), 16).ok())
        .find(|net| !overlap(*net, vcn) && !others.iter().any(|other| overlap(*net, *other)))
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
        draft.add_contributor(&vcn, self.name.span.clone(), format!("rules of cluster \"{}\"", self.name.value));
        let lists = [
            (Tier::Public, Direction::Ingress, security_lists::PUBLIC_INGRESS),
            (Tier::Public, Direction::Egress, security_lists::PUBLIC_EGRESS),
            (Tier::Private, Direction::Ingress, security_lists::PRIVATE_INGRESS),
            (Tier::Private, Direction::Egress, security_lists::PRIVATE_EGRESS),
        ];
        for (tier, direction, table) in lists {
            draft.add_rules(&vcn, tier, direction, self.expand(table));
        }
        let nsgs = [
            ("api", nsg_rules::API_INGRESS, nsg_rules::API_EGRESS),
            ("lb", nsg_rules::LB_INGRESS, nsg_rules::LB_EGRESS),
            ("worker", nsg_rules::WORKER_INGRESS, nsg_rules::WORKER_EGRESS),
            ("pod", nsg_rules::POD_INGRESS, nsg_rules::POD_EGRESS),
        ];
        for (role, ingress, egress) in nsgs {
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
        if let Some((vcn, _)) = topology.home(&self.name.value) {
            resources::build(self, vcn, topology, graph);
        }
    }

    fn landmarks(&self) -> Vec<Address> {
        ROLES.map(|role| self.nsg(role)).into()
    }

    fn checks(&self, topology: &Topology) -> Vec<Check> {
        topology.home(&self.name.value).map(|(vcn, _)| describe::checks(self, vcn, topology)).unwrap_or_default()
    }

    fn section(&self, topology: &Topology) -> Section {
        describe::section(self, topology)
    }
}
