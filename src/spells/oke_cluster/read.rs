//! An `oke_cluster` block: what may stand in it, and what goes together.

use super::addon::{self, Addon};
use super::balancers::{self, Balancers, Keeper, Placement};
use super::cluster_type::{self, ClusterType};
use super::cni::Cni;
use super::control_plane::ControlPlane;
use super::endpoint::{self, Endpoint, check_clients};
use super::node_pool::{NodePool, Surroundings};
use super::profile::{self, Profile};
use super::virtual_pool::{VirtualPool, check_mixture};
use super::workloads::{self, Workload};
use super::{OkeCluster, free_range, node_nsgs, overlap, subnets, taints};
use crate::contract;
use crate::contract::oke::API;
use crate::diagnostic::{At, Diagnostic, Diagnostics, quoted};
use crate::facts::kubernetes;
use crate::spec::cidr::{cidr_list, private_cidr};
use crate::spec::value::{boolean, reference, string};
use crate::spec::version::kubernetes_version;
use crate::spec::word::word;
use crate::spec::{BlockReader, Field, report_collisions};
use crate::spells::identity::{Identity, display_name_or_name};
use crate::spells::{Spell, relations, security_profile};
use crate::topology::{Name, limits};
use ipnet::Ipv4Net;
use std::net::Ipv4Addr;

/// Where the spec does not say; both as in the reference.
const DEFAULT_PODS_CIDR: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 2, 0, 0), 16);
const DEFAULT_SERVICES_CIDR: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(10, 3, 0, 0), 16);

pub fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let name = reader.name();
    let vcn = reader.optional("vcn", reference);
    let version = reader.required("kubernetes_version", &quoted(kubernetes::SENSIBLE), kubernetes_version);
    let kind = reader.optional("type", word(cluster_type::WORDS));
    let control_plane = ControlPlane::read(reader, kind.as_ref());
    let display_name = display_name_or_name(reader);
    let cni = reader.defaulted("cni", Cni::VcnNative, Cni::read);
    let pods_cidr = reader.defaulted("pods_cidr", DEFAULT_PODS_CIDR, private_cidr(true, "\"10.2.0.0/16\""));
    let services_cidr = reader.defaulted("services_cidr", DEFAULT_SERVICES_CIDR, private_cidr(true, "\"10.3.0.0/16\""));
    if let (Some(pods), Some(services)) = (&pods_cidr, &services_cidr) {
        check_pods_and_services(&name, pods, services, reader.diagnostics);
    }
    let endpoint = reader.optional("endpoint", word(endpoint::WORDS));
    let tier = reader.optional("endpoint_subnet", subnets::tier("a private endpoint has no public address"));
    let endpoint_tier = subnets::endpoint_tier(reader, endpoint.as_ref(), tier);
    let placement = reader.optional("load_balancers", word(balancers::PLACEMENTS));
    let keeper = reader.optional("load_balancer_rules", word(balancers::KEEPERS));
    let ports = reader.optional("load_balancer_ports", balancers::listener_ports);
    let workloads = reader.optional("workloads", workloads::words);
    workloads::check(workloads.as_ref(), keeper.as_ref(), placement.as_ref(), cni.as_ref(), reader.diagnostics);
    balancers::check(keeper.as_ref(), ports.as_ref(), reader.diagnostics);
    // Nobody is `[]`, and left out is everybody.
    let clients = reader.explicit("api_allowed_cidrs", cidr_list);
    if let Some(clients) = &clients {
        check_client_count(clients, workloads.as_ref().map_or(&[], |at| &at.value), reader.diagnostics);
        check_clients(endpoint.as_ref(), clients, reader.diagnostics);
    }
    let profile = reader.optional("security_profile", security_profile::read);
    let kubeconfig = reader.optional("create_kubeconfig", kubeconfig_path);
    let relations = relations::read(reader);
    let identity = Identity::read(reader, contract::OKE_CLUSTER);
    let preflight_checks = reader.optional("preflight_checks", boolean).is_none_or(|at| at.value);
    let around = Surroundings {
        cluster: &name,
        kind: kind.as_ref(),
        version: version.as_ref(),
        cni: cni.as_ref(),
        node_nsgs: node_nsgs::ours(keeper.as_ref().map_or(Keeper::Stack, |at| at.value)),
        preflight_checks,
    };
    let mut node_pools = reader.blocks("node_pool", |pool| NodePool::read(pool, &around));
    let mut virtual_pools = reader.blocks("virtual_node_pool", |pool| VirtualPool::read(pool, &around));
    let names = node_pools.iter().map(|pool| &pool.name).chain(virtual_pools.iter().map(|pool| &pool.name));
    let labels = names.map(|name| (name.value.as_str(), name.value.identifier(), name.span.clone()));
    report_collisions(labels, &format!("node pools of {}", reader.title()), reader.diagnostics);
    check_node_count(&name, kind.as_ref().map_or(ClusterType::Basic, |at| at.value), &node_pools, reader.diagnostics);
    let mut addons = reader.blocks("addon", Addon::read);
    let labels =
        addons.iter().map(|addon| (addon.name.value.as_str(), addon.name.value.identifier(), addon.name.span.clone()));
    report_collisions(labels, &format!("add-ons of {}", reader.title()), reader.diagnostics);
    addon::check(kind.as_ref(), &name, &addons, reader.diagnostics);
    addons.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    let cni = cni.unwrap_or_else(|| At::new(Cni::VcnNative, name.span.clone()));
    if let Some(pods) = &pods_cidr {
        check_overlay(&name, &cni, pods, &node_pools, reader.diagnostics);
    }
    taints::check(&format!("cluster \"{}\"", name.value), &node_pools, reader.diagnostics);
    check_mixture(&virtual_pools, &node_pools, reader.diagnostics);
    node_pools.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    virtual_pools.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    Some(Box::new(OkeCluster {
        vcn,
        display_name,
        kind: kind.map_or(ClusterType::Basic, |at| at.value),
        kubernetes_version: version.map(|at| at.value).unwrap_or_default(),
        cni,
        pods_cidr,
        services_cidr,
        endpoint: endpoint.map_or(Endpoint::Public, |at| at.value),
        endpoint_tier,
        balancers: Balancers {
            placement: placement.map_or(Placement::Public, |at| at.value),
            keeper: keeper.map_or(Keeper::Stack, |at| at.value),
            ports: ports.map(|at| at.value),
        },
        control_plane,
        workloads: workloads.map(|at| at.value).unwrap_or_default(),
        api_allowed_cidrs: clients.map(|at| at.value),
        security_profile: profile.and_then(|at| Some(At::new(Profile::named(at.value)?, at.span))),
        create_kubeconfig: kubeconfig,
        preflight_checks,
        node_pools,
        virtual_pools,
        addons,
        relations,
        identity,
    }))
}

fn check_pods_and_services(name: &At<Name>, pods: &At<Ipv4Net>, services: &At<Ipv4Net>, diagnostics: &mut Diagnostics) {
    if !overlap(pods.value, services.value) {
        return;
    }
    let default = |net: &At<Ipv4Net>| if net.span == name.span { " by default" } else { "" };
    // The one that the spec writes is the one to mark.
    let marked = if services.span == name.span { pods } else { services };
    let message = format!(
        "`services_cidr` ({}{}) overlaps `pods_cidr` ({}{})",
        services.value,
        default(services),
        pods.value,
        default(pods)
    );
    diagnostics.push(
        Diagnostic::error(marked.span.clone(), message).label("pods and services need ranges of their own").help(
            match free_range(&[pods.value, services.value]) {
                Some(free) => format!("for example \"{free}\""),
                None => "make one of them smaller: together they leave no private range".to_owned(),
            },
        ),
    );
}

fn kubeconfig_path(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let path = string("\"~/.kube/lab\"")(field, diagnostics)?;
    let label = if path.trim().is_empty() {
        "it is empty"
    } else if path.ends_with('/') {
        "this is a directory"
    } else if path.contains(['\n', '\t']) {
        "it has a line break or tab"
    } else if path.contains("{environment}") {
        "`{environment}` stands in `gen --out` only: write the path in each environment's own file"
    } else {
        return Some(path);
    };
    diagnostics.push(
        Diagnostic::error(
            field.span.clone(),
            format!("{} of {} must be the path of a file", field.subject, field.owner),
        )
        .label(label)
        .help("for example \"~/.kube/lab\"; leave it out to write none (the content would be in the state)"),
    );
    None
}

fn check_client_count(clients: &At<Vec<Ipv4Net>>, workloads: &[Workload], diagnostics: &mut Diagnostics) {
    // In the profile that has more of them.
    let fixed = profile::EVERY.iter().map(|profile| profile.fixed_rules(&API)).max().unwrap_or(0);
    // It also calls them at the workers.
    let fixed = fixed + usize::from(workloads.contains(&Workload::Webhooks));
    let most = limits::RULES_PER_NSG.saturating_sub(fixed);
    let count = clients.value.len();
    if count > most {
        diagnostics.push(
            Diagnostic::error(clients.span.clone(), format!("`api_allowed_cidrs` lists {count} CIDRs; {most} fit"))
                .label("one rule each")
                .help(format!("an NSG has at most {} rules, and the API endpoint's has {fixed} others: list fewer, larger networks", limits::RULES_PER_NSG)),
        );
    }
}

fn check_node_count(name: &At<Name>, kind: ClusterType, pools: &[NodePool], diagnostics: &mut Diagnostics) {
    let total: u64 = pools.iter().map(|pool| pool.node_count.most()).sum();
    if total <= kind.most_nodes() {
        return;
    }
    let message = format!(
        "cluster \"{}\" would have {total} nodes; {} {} cluster has at most {}",
        name.value,
        if kind == ClusterType::Basic { "a" } else { "an" },
        kind.word(),
        kind.most_nodes()
    );
    let mut diagnostic =
        Diagnostic::error(name.span.clone(), message).help("lower the pools' `node_count`, or make a second cluster");
    for pool in pools {
        diagnostic = diagnostic.related(pool.node_count.span.clone(), format!("{} nodes", pool.node_count.most()));
    }
    diagnostics.push(diagnostic);
}

/// An overlay gives each node a part of the pods' range, which can't be changed
/// later.
fn check_overlay(
    name: &At<Name>,
    cni: &At<Cni>,
    pods: &At<Ipv4Net>,
    pools: &[NodePool],
    diagnostics: &mut Diagnostics,
) {
    let total: u64 = pools.iter().map(|pool| pool.node_count.most()).sum();
    let Some(most) = cni.value.nodes_in(pods.value).filter(|most| total > *most) else { return };
    let message = format!(
        "cluster \"{}\" would have {total} nodes; `pods_cidr` ({}) has addresses for the pods of {most}",
        name.value, pods.value
    );
    let roomy = (16..pods.value.prefix_len()).rev().find(|prefix| {
        Ipv4Net::new(pods.value.network(), *prefix)
            .is_ok_and(|net| cni.value.nodes_in(net).is_some_and(|most| total <= most))
    });
    let mut diagnostic = Diagnostic::error(pods.span.clone(), message)
        .label("flannel gives each node a /25 of it")
        .related(cni.span.clone(), "the overlay")
        .help(match roomy {
            Some(prefix) => format!("take a /{prefix}: it can't be changed once the cluster is there"),
            None => "lower the pools' `node_count`, or make a second cluster".to_owned(),
        });
    for pool in pools {
        diagnostic = diagnostic.related(pool.node_count.span.clone(), format!("{} nodes", pool.node_count.most()));
    }
    diagnostics.push(diagnostic);
}
