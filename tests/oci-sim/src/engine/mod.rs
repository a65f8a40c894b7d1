//! The container engine's API: clusters, node pools, their work.

mod addon;
pub mod cluster;
pub mod image;
mod models;
mod options;
pub mod placement;
pub mod pool;
pub mod shape;
mod version;
mod virtual_pool;
pub mod work;

use ipnet::Ipv4Net;

use crate::body::text;
use crate::cloud::{Cloud, Kind};
use crate::network::vnic;
use crate::refusals::{Refusal, SUBNET_FULL};
use crate::wire::{Answer, Request};

/// Answers what stands after `/20180222/`; `None` where that is no path of ours.
pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    let known: Option<&[&str]> = match (request.method.as_str(), path) {
        // A list checks its query itself.
        ("GET", ["clusters" | "nodePools" | "virtualNodePools" | "workRequests"]) => None,
        ("GET", ["clusters", _]) => Some(&["shouldIncludeOidcConfigFile"]),
        ("DELETE", ["nodePools" | "virtualNodePools", _]) => {
            Some(&["overrideEvictionGraceDuration", "isForceDeletionAfterOverrideGraceDuration"])
        }
        ("GET", ["workRequests", _, "errors" | "logs"]) => {
            Some(&["compartmentId", "limit", "page", "sortBy", "sortOrder"])
        }
        ("DELETE", ["clusters", _, "addons", _]) => Some(&["isRemoveExistingAddOn"]),
        ("GET", ["clusterOptions", _]) => Some(&["compartmentId", "shouldListAllPatchVersions"]),
        ("GET", ["nodePoolOptions", _]) => Some(&[
            "compartmentId",
            "shouldListAllPatchVersions",
            "nodePoolK8sVersion",
            "nodePoolOsArch",
            "nodePoolOsType",
        ]),
        _ => Some(&[]),
    };
    if let Some(Err(refusal)) = known.map(|known| crate::paging::check_query(request, known)) {
        return Some(Err(refusal));
    }
    Some(match (request.method.as_str(), path) {
        ("GET", ["clusters"]) => list(cloud, request, Kind::Cluster),
        ("POST", ["clusters"]) => cluster::create(cloud, request),
        ("GET", ["clusters", id]) => get(cloud, Kind::Cluster, id),
        ("PUT", ["clusters", id]) => cluster::update(cloud, request, id),
        ("DELETE", ["clusters", id]) => cluster::delete(cloud, request, id),
        ("POST", ["clusters", id, "actions", "updateEndpointConfig"]) => cluster::update_endpoint(cloud, request, id),
        ("POST", ["clusters", id, "kubeconfig", "content"]) => cluster::kubeconfig(cloud, request, id),
        ("POST", ["clusters", id, "addons"]) => addon::install(cloud, request, id),
        ("GET", ["clusters", id, "addons", name]) => get(cloud, Kind::Addon, &addon::key(id, name)),
        ("PUT", ["clusters", id, "addons", name]) => addon::update(cloud, request, id, name),
        ("DELETE", ["clusters", id, "addons", name]) => addon::disable(cloud, request, id, name),
        ("POST", ["clusters", id, "workloadMappings"]) => cluster::enhanced(cloud, request, id, "A workload mapping"),
        ("GET", ["virtualNodePools"]) => list(cloud, request, Kind::VirtualNodePool),
        ("POST", ["virtualNodePools"]) => virtual_pool::create(cloud, request),
        ("GET", ["virtualNodePools", id]) => get(cloud, Kind::VirtualNodePool, id),
        ("PUT", ["virtualNodePools", id]) => virtual_pool::update(cloud, request, id),
        ("DELETE", ["virtualNodePools", id]) => virtual_pool::delete(cloud, request, id),
        ("GET", ["nodePools"]) => list(cloud, request, Kind::NodePool),
        ("POST", ["nodePools"]) => pool::create(cloud, request),
        ("GET", ["nodePools", id]) => get(cloud, Kind::NodePool, id),
        ("PUT", ["nodePools", id]) => pool::update(cloud, request, id),
        ("DELETE", ["nodePools", id]) => pool::delete(cloud, request, id),
        (_, ["workRequests", rest @ ..]) => return work::answer(cloud, request, rest),
        ("GET", ["clusterOptions", id]) => options::clusters(cloud, id),
        ("GET", ["nodePoolOptions", id]) => options::node_pools(cloud, request, id),
        _ => return None,
    })
}

fn get(cloud: &mut Cloud, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    work::touch(cloud, id);
    let (body, etag) = cloud.read(kind, id)?;
    Ok(Answer::json(body).header("etag", etag.to_string()))
}

/// A list shows less of a pool than a read of it: not its nodes.
fn list(cloud: &mut Cloud, request: &Request, kind: Kind) -> Result<Answer, Refusal> {
    let ids: Vec<String> = cloud.all(kind).map(|resource| resource.id.clone()).collect();
    let mut bodies = Vec::new();
    for id in ids {
        work::touch(cloud, &id);
        if let Some(resource) = cloud.find(kind, &id) {
            let mut body = resource.body.clone();
            body.remove("nodes");
            bodies.push(body);
        }
    }
    crate::paging::page(request, bodies, &["compartmentId", "clusterId", "name", "lifecycleState"], &["compartmentId"])
}

/// Whether a subnet has addresses for `more` VNICs. Three of each subnet's
/// are Oracle's. OCI finds out when it makes the VNICs, so that it is the
/// work request that fails.
pub fn check_room(cloud: &Cloud, subnet: &str, more: usize) -> Result<(), Refusal> {
    let Some(found) = cloud.find(Kind::Subnet, subnet) else { return Ok(()) };
    let Some(net) = text(&found.body, "cidrBlock").and_then(|cidr| cidr.parse::<Ipv4Net>().ok()) else { return Ok(()) };
    let addresses = (1_usize << (32 - net.prefix_len())) - 3;
    let needed = vnic::count_in_subnet(cloud, subnet) + more;
    if needed > addresses {
        return Err(SUBNET_FULL.with(&[subnet, &addresses.to_string(), &needed.to_string()]));
    }
    Ok(())
}
