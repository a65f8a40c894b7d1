//! Where a pool's nodes and pods stand: domains, subnets, NSGs, numbers.

use serde_json::json;

use crate::body::{default, flag, int, object, objects, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_nsgs, check_references, is_ocid};
use crate::refusals::*;
use crate::wire::Body;

use super::cluster::cni;
use super::work::child;

const NODES_A_POOL: i64 = 1000;
const PODS_BY_DEFAULT: u64 = 31;

pub fn check(cloud: &Cloud, cluster: &Body, pool: &mut Body, id: Option<&str>, most_pods: u64) -> Result<(), Refusal> {
    let vcn = text(cluster, "vcnId").unwrap_or_default();
    let config = object(pool, "nodeConfigDetails").expect("checked with the model");
    check_size(cloud, cluster, config, id)?;
    check_nsgs(cloud, "nodeConfigDetails.nsgIds", &texts(config, "nsgIds"), vcn)?;
    let places = objects(config, "placementConfigs");
    if places.is_empty() {
        return Err(NO_PLACEMENT.with(&[]));
    }
    let mut subnets = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let (ad, subnet) =
            (text(place, "availabilityDomain").unwrap_or_default(), text(place, "subnetId").unwrap_or_default());
        if !cloud.config.availability_domains.iter().any(|known| known == ad) {
            return Err(UNKNOWN_AD.with(&[ad]));
        }
        check_references(cloud, Kind::Subnet, "placementConfigs.subnetId", &[subnet], vcn)?;
        check_capacity(pool, place)?;
        let of = cloud.find(Kind::Subnet, subnet).and_then(|subnet| text(&subnet.body, "availabilityDomain"));
        if let Some(of) = of.filter(|of| *of != ad) {
            return Err(SUBNET_OF_OTHER_AD.with(&[subnet, of, ad]));
        }
        if places[..index].iter().any(|other| text(other, "availabilityDomain") == Some(ad)) {
            return Err(DUPLICATE_PLACEMENT.with(&[ad]));
        }
        if !subnets.contains(&subnet) {
            subnets.push(subnet);
        }
    }
    let subnets = json!(subnets);
    check_pods(cloud, cluster, pool, vcn, most_pods)?;
    set(pool, "subnetIds", subnets);
    Ok(())
}

/// Fault domains, and what kind of capacity: so Oracle, Preemptible Instances.
fn check_capacity(pool: &Body, place: &Body) -> Result<(), Refusal> {
    check_fault_domains(place, "faultDomains")?;
    let reservation = text(place, "capacityReservationId").filter(|id| !id.is_empty());
    if let Some(id) = reservation.filter(|id| !is_ocid(&["capacityreservation"], id)) {
        return Err(BAD_RESERVATION.with(&[id]));
    }
    let is_bare = text(pool, "nodeShape").is_some_and(|shape| shape.starts_with("BM."));
    if object(place, "preemptibleNodeConfig").is_some() && (is_bare || reservation.is_some()) {
        return Err(NOT_PREEMPTIBLE.with(&[]));
    }
    Ok(())
}

pub fn check_fault_domains(place: &Body, member: &str) -> Result<(), Refusal> {
    let known = ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2", "FAULT-DOMAIN-3"];
    match texts(place, member).iter().find(|one| !known.contains(one)) {
        Some(unknown) => Err(UNKNOWN_FAULT_DOMAIN.with(&[unknown])),
        None => Ok(()),
    }
}

/// Nodes of the pool, and of all pools of its cluster together.
fn check_size(cloud: &Cloud, cluster: &Body, config: &Body, id: Option<&str>) -> Result<(), Refusal> {
    let size_of = |config: &Body| int(config, "size").unwrap_or_default();
    let size = size_of(config);
    if !(0..=NODES_A_POOL).contains(&size) {
        return Err(POOL_SIZE.with(&[&size.to_string()]));
    }
    let others: i64 = cloud
        .all(Kind::NodePool)
        .filter(|pool| Some(pool.id.as_str()) != id && pool.body.get("clusterId") == cluster.get("id"))
        .filter_map(|pool| object(&pool.body, "nodeConfigDetails"))
        .map(size_of)
        .sum();
    let kind = text(cluster, "type").unwrap_or_default();
    let most = if kind == "BASIC_CLUSTER" { 1000 } else { 2000 };
    if others + size > most {
        return Err(CLUSTER_SIZE.with(&[kind, &most.to_string(), &(others + size).to_string()]));
    }
    Ok(())
}

fn check_pods(cloud: &Cloud, cluster: &Body, pool: &mut Body, vcn: &str, most: u64) -> Result<(), Refusal> {
    let shape = text(pool, "nodeShape").unwrap_or_default().to_owned();
    let config = child(pool, "nodeConfigDetails");
    let pods = child(config, "nodePoolPodNetworkOptionDetails");
    default(pods, "cniType", cni(cluster));
    let own = text(pods, "cniType").unwrap_or_default();
    if own != cni(cluster) {
        return Err(CNI_MISMATCH.with(&[own, cni(cluster)]));
    }
    if own != "OCI_VCN_IP_NATIVE" {
        return Ok(());
    }
    if most == 0 {
        return Err(SHAPE_CARRIES_NO_PODS.with(&[&shape]));
    }
    let subnets = texts(pods, "podSubnetIds");
    if subnets.is_empty() {
        return Err(POD_SUBNETS_NEEDED.with(&[]));
    }
    check_references(cloud, Kind::Subnet, "podSubnetIds", &subnets, vcn)?;
    // Oracle, "Using the OCI VCN-Native Pod Networking CNI plugin for pod networking".
    for subnet in &subnets {
        let Some(found) = cloud.find(Kind::Subnet, subnet) else { continue };
        if flag(&found.body, "prohibitPublicIpOnVnic") != Some(true) {
            return Err(POD_SUBNET_IS_PUBLIC.with(&[subnet]));
        }
        if text(&found.body, "availabilityDomain").is_some() {
            return Err(POD_SUBNET_OF_AD.with(&[subnet]));
        }
    }
    check_nsgs(cloud, "podNsgIds", &texts(pods, "podNsgIds"), vcn)?;
    default(pods, "maxPodsPerNode", most.min(PODS_BY_DEFAULT));
    default(pods, "podNsgIds", json!([]));
    match int(pods, "maxPodsPerNode") {
        Some(count) if !(1..=i64::try_from(most).unwrap_or(i64::MAX)).contains(&count) => {
            Err(MAX_PODS.with(&[&shape, &most.to_string(), &count.to_string()]))
        }
        _ => Ok(()),
    }
}

/// Whether the nodes' subnets have addresses for them, of which there are
/// `already` some. How many addresses pods take is not documented well enough
/// to refuse anything for.
pub fn check_room(cloud: &Cloud, pool: &Body, already: usize) -> Result<(), Refusal> {
    let config = object(pool, "nodeConfigDetails").expect("checked with the model");
    let size = usize::try_from(int(config, "size").unwrap_or_default()).unwrap_or_default();
    let places = objects(config, "placementConfigs");
    let subnets: Vec<&str> = places.iter().filter_map(|place| text(place, "subnetId")).collect();
    for subnet in &subnets {
        let share = subnets.iter().filter(|other| other == &subnet).count();
        let more = size.saturating_sub(already) * share / subnets.len();
        super::check_room(cloud, subnet, more)?;
    }
    Ok(())
}
