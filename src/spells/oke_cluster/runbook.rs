//! What the README says of a cluster's years to come: upgrades, the autoscaler,
//! and who must be allowed what.

use super::OkeCluster;
use super::balancers::Keeper;
use super::cluster_type::ClusterType;
use super::cni::Cni;
use super::node_pool::NodePool;
use crate::facts::kubernetes::skew;
use crate::quote::Markdown;
use crate::spells::Runbook;
use crate::topology::Home;
use serde::Serialize;

const TEMPLATE: &str = include_str!("../../../templates/oke_pools.md.j2");

/// What the nodes of an autoscaled pool must be allowed, as a dynamic group.
/// Oracle, "Working with the Cluster Autoscaler as a Standalone Program"; the
/// autoscaler's own README for OCI.
#[rustfmt::skip]
const AUTOSCALER: [(&str, &str); 6] = [
    ("manage cluster-node-pools in compartment id <compartment of the cluster>", "the autoscaler changes the sizes of pools"),
    ("manage instance-family in compartment id <compartment of the cluster>",    "it looks at nodes, and removes them"),
    ("inspect compartments in compartment id <compartment of the cluster>",      "it finds what belongs to the pools"),
    ("use subnets in compartment id <compartment of the network>",               "new nodes get VNICs in the subnet of their pool"),
    ("use vnics in compartment id <compartment of the network>",                 "new nodes get VNICs"),
    ("read virtual-network-family in compartment id <compartment of the network>", "it reads the subnets of the pools"),
];

/// What the cluster itself must be allowed where its network is in another
/// compartment, with VCN-native pods. Oracle, "Using the OCI VCN-Native Pod
/// Networking CNI plugin for pod networking".
#[rustfmt::skip]
const APART: [(&str, &str); 3] = [
    ("manage instances in compartment id <compartment of the cluster>",            "it attaches the VNICs of pods to nodes"),
    ("use private-ips in compartment id <compartment of the network>",             "pods have addresses of their subnet"),
    ("use network-security-groups in compartment id <compartment of the network>", "pods have the pod NSG"),
];

/// What boot volumes with a key of one's own need. Oracle, "Create Policy to
/// Access User-Managed Encryption Keys for Encrypting Boot Volumes, Block Volumes,
/// and/or File Systems".
#[rustfmt::skip]
const KEYS: [(&str, &str); 2] = [
    ("Allow any-user to use key-delegates in compartment id <compartment of the key> where all {request.principal.type = 'nodepool', target.key.id = '<key>'}", "node pools hand the key on to Block Volume"),
    ("Allow service blockstorage to use keys in compartment id <compartment of the key> where target.key.id = '<key>'",                                         "Block Volume encrypts boot volumes with it"),
];

/// What pools on reserved capacity need. Oracle, "Using Capacity Reservations to
/// Provision Managed Nodes".
#[rustfmt::skip]
const RESERVATIONS: [(&str, &str); 2] = [
    ("Allow service oke to use compute-capacity-reservations in tenancy",                                        "OKE looks at the reservation"),
    ("Allow any-user to use compute-capacity-reservations in tenancy where request.principal.type = 'nodepool'", "node pools launch instances on it"),
];

/// What a workload of an enhanced cluster may be allowed. Oracle, "Granting
/// Workloads Access to OCI Resources".
const WORKLOAD: &str = "Allow any-user to <verb> <resource> in compartment <name> where all {request.principal.type = 'workload', request.principal.namespace = '<namespace>', request.principal.service_account = '<service account>', request.principal.cluster_id = ";
const WORKLOAD_WHY: &str =
    "one for each workload that calls OCI, if any does: its identity is its namespace and service account";

/// What the cloud controller must be allowed to keep the rules of load
/// balancers in NSGs. Oracle, "Required IAM Policies for Managing Security Rules
/// in NSGs".
#[rustfmt::skip]
const CONTROLLER: [(&str, &str); 2] = [
    ("manage network-security-groups in compartment id <compartment of the network>", "the cloud controller keeps rules in NSGs"),
    ("manage vcns in compartment id <compartment of the network>",                    "it makes an NSG for each load balancer"),
];

/// What clusters must be allowed to encrypt secrets with a key of the user's.
/// They ask for it before they have an OCID. Oracle, "Encrypting Kubernetes
/// Secrets at Rest in Etcd".
const SECRETS: &str = "Allow any-user to use keys in compartment <compartment of the key> where all {request.principal.type = 'cluster', target.key.id = '<kms_key_id>'}";
const SECRETS_WHY: &str = "the cluster encrypts its secrets with it: needed before the first apply";

#[derive(Serialize)]
struct Page {
    id: Markdown,
    skew: u64,
    scaled: Vec<Scaled>,
    policies: Vec<Markdown>,
    /// Whether the cluster is.
    enhanced: bool,
    /// Whether OKE replaces nodes of some pools.
    cycled: bool,
    /// Of `oci` commands.
    options: Markdown,
}

/// An autoscaled pool.
#[derive(Serialize)]
struct Scaled {
    id: Markdown,
    least: u64,
    most: u64,
}

pub fn runbook(cluster: &OkeCluster, home: Home<'_>) -> Option<Runbook> {
    if cluster.node_pools.is_empty() {
        return None;
    }
    let scaled: Vec<_> = cluster
        .node_pools
        .iter()
        .filter_map(|pool| {
            let (least, most) = pool.node_count.range?;
            Some(Scaled { id: Markdown::identifier(&pool.name.value), least, most })
        })
        .collect();
    let id = Markdown::identifier(cluster.name());
    let mut policies = Vec::new();
    if cluster.cni.value == Cni::VcnNative && cluster.identity.compartment_text() != home.network.compartment {
        policies.extend(APART.map(|(may, why)| {
            let cluster = "where all {request.principal.type = 'cluster', request.principal.id = '<output";
            let statement = format!("Allow any-user to {may} {cluster} {id}_cluster_id>'}}");
            Markdown::row([Markdown::code(&statement), Markdown::ours(why)])
        }));
    }
    if cluster.balancers.keeper == Keeper::Controller {
        policies.extend(CONTROLLER.map(|(may, why)| {
            let cluster = "where all {request.principal.type = 'cluster', request.principal.id = '<output";
            let statement = format!("Allow any-user to {may} {cluster} {id}_cluster_id>'}}");
            Markdown::row([Markdown::code(&statement), Markdown::ours(why)])
        }));
    }
    if cluster.control_plane.kms_key_id().is_some() {
        policies.push(Markdown::row([Markdown::code(SECRETS), Markdown::ours(SECRETS_WHY)]));
    }
    let enhanced = cluster.kind == ClusterType::Enhanced;
    if enhanced {
        let statement = format!("{WORKLOAD}'<output {id}_cluster_id>'}}");
        policies.push(Markdown::row([Markdown::code(&statement), Markdown::ours(WORKLOAD_WHY)]));
    }
    if !scaled.is_empty() {
        policies.extend(AUTOSCALER.map(|(may, why)| {
            let statement = format!("Allow dynamic-group {id}-nodes to {may}");
            Markdown::row([Markdown::code(&statement), Markdown::ours(why)])
        }));
    }
    let has = |what: fn(&NodePool) -> bool| cluster.node_pools.iter().any(what);
    let keys = KEYS.iter().filter(|_| has(|pool| pool.kms_key_id.is_some()));
    let reservations = RESERVATIONS.iter().filter(|_| has(|pool| pool.placement.reservation.is_some()));
    let more = keys.chain(reservations);
    policies.extend(more.map(|(statement, why)| Markdown::row([Markdown::code(statement), Markdown::ours(why)])));
    let cycled = has(|pool| pool.cycling.is_some());
    let skew = skew(cluster.kubernetes_version.minor());
    Some(Box::new(move |options| {
        let page = Page { id, enhanced, cycled, skew, scaled, policies, options: options.clone() };
        Markdown::filled(TEMPLATE, page)
    }))
}
