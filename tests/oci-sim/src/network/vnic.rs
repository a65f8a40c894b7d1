//! What holds subnets and NSGs in place: the VNICs of instances, and those of
//! clusters and nodes, which are derived and not kept.

use serde_json::json;

use crate::body::{int, object, objects, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::refusals::*;
use crate::wire::Body;

struct Vnic<'a> {
    /// Of one that is kept.
    id: Option<&'a str>,
    owner: &'a str,
    subnet: &'a str,
    nsgs: Vec<&'a str>,
}

/// A cluster has one for its endpoint; a node has one for itself and one in
/// each pod subnet. A pool without nodes has none, and so holds nothing.
fn all(cloud: &Cloud) -> Vec<Vnic<'_>> {
    let mut vnics = Vec::new();
    for cluster in cloud.all(Kind::Cluster) {
        if let Some(endpoint) = object(&cluster.body, "endpointConfig") {
            let subnet = text(endpoint, "subnetId").unwrap_or_default();
            vnics.push(Vnic { id: None, owner: &cluster.id, subnet, nsgs: texts(endpoint, "nsgIds") });
        }
    }
    for pool in cloud.all(Kind::NodePool) {
        let Some(config) = object(&pool.body, "nodeConfigDetails") else { continue };
        let pods = object(config, "nodePoolPodNetworkOptionDetails");
        for node in objects(&pool.body, "nodes") {
            let owner = text(node, "id").unwrap_or_default();
            let subnet = text(node, "subnetId").unwrap_or_default();
            vnics.push(Vnic { id: None, owner, subnet, nsgs: texts(config, "nsgIds") });
            for subnet in pods.map(|pods| texts(pods, "podSubnetIds")).unwrap_or_default() {
                vnics.push(Vnic {
                    id: None,
                    owner,
                    subnet,
                    nsgs: pods.map(|pods| texts(pods, "podNsgIds")).unwrap_or_default(),
                });
            }
        }
    }
    // Each virtual node has one, and so has each of its pods, where there are any.
    for pool in cloud.all(Kind::VirtualNodePool) {
        let size = usize::try_from(int(&pool.body, "size").unwrap_or_default()).unwrap_or_default();
        let places = objects(&pool.body, "placementConfigurations");
        for place in places.iter().cycle().take(size) {
            let subnet = text(place, "subnetId").unwrap_or_default();
            vnics.push(Vnic { id: None, owner: &pool.id, subnet, nsgs: texts(&pool.body, "nsgIds") });
        }
        if let Some(pods) = object(&pool.body, "podConfiguration").filter(|_| size > 0) {
            let subnet = text(pods, "subnetId").unwrap_or_default();
            vnics.push(Vnic { id: None, owner: &pool.id, subnet, nsgs: texts(pods, "nsgIds") });
        }
    }
    for kind in [Kind::LoadBalancer, Kind::NetworkLoadBalancer] {
        for balancer in cloud.all(kind) {
            let nsgs = texts(&balancer.body, "networkSecurityGroupIds");
            for subnet in text(&balancer.body, "subnetId").into_iter().chain(texts(&balancer.body, "subnetIds")) {
                vnics.push(Vnic { id: None, owner: &balancer.id, subnet, nsgs: nsgs.clone() });
            }
        }
    }
    for vnic in cloud.all(Kind::Vnic) {
        let subnet = text(&vnic.body, "subnetId").unwrap_or_default();
        let owner = vnic.owner.as_deref().unwrap_or_default();
        vnics.push(Vnic { id: Some(&vnic.id), owner, subnet, nsgs: texts(&vnic.body, "nsgIds") });
    }
    vnics
}

/// How many VNICs stand in a subnet.
pub fn count_in_subnet(cloud: &Cloud, subnet: &str) -> usize {
    all(cloud).iter().filter(|vnic| vnic.subnet == subnet).count()
}

pub fn check_subnet_free(cloud: &Cloud, subnet: &str) -> Result<(), Refusal> {
    match all(cloud).iter().find(|vnic| vnic.subnet == subnet) {
        Some(vnic) => Err(SUBNET_IN_USE.with(&[subnet, vnic.owner])),
        None => Ok(()),
    }
}

/// Oracle's API reference: an NSG that is deleted must not contain any VNICs.
pub fn check_nsg_free(cloud: &Cloud, nsg: &str) -> Result<(), Refusal> {
    match all(cloud).iter().find(|vnic| vnic.nsgs.contains(&nsg)) {
        Some(vnic) => Err(NSG_IN_USE.with(&[nsg, vnic.owner])),
        None => Ok(()),
    }
}

/// The documents of an NSG's VNICs.
pub fn of_nsg(cloud: &Cloud, nsg: &str) -> Vec<Body> {
    all(cloud)
        .into_iter()
        .filter(|vnic| vnic.nsgs.contains(&nsg))
        .enumerate()
        .map(|(index, vnic)| {
            let unique = vnic.owner.rsplit('.').next().unwrap_or_default();
            let derived = format!("ocid1.vnic.oc1.{}.{unique}{index:04}", cloud.config.region);
            let id = vnic.id.map_or(derived, str::to_owned);
            let document =
                json!({ "vnicId": id, "resourceId": vnic.owner, "timeAssociated": "2025-01-01T00:00:00.000Z" });
            document.as_object().expect("an object").clone()
        })
        .collect()
}
