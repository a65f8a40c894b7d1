//! Virtual node pools: what one may be, and become. Their nodes are Oracle's, and
//! are seen as VNICs only.

use serde_json::json;

use crate::body::{default, int, object, objects, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, check_nsgs, check_references, check_tags};
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::cluster::cni;
use super::models;
use super::placement::check_fault_domains;
use super::work::{Deed, begin, check_idle, merge};

/// Oracle, "Resources Allocated to Pods Provisioned by Virtual Nodes".
const SHAPES: [&str; 3] = ["Pod.Standard.A1.Flex", "Pod.Standard.E3.Flex", "Pod.Standard.E4.Flex"];

const MOST_NODES: i64 = 1000;

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    let id = text(&body, "clusterId").unwrap_or_default().to_owned();
    let cluster = cloud.related(Kind::Cluster, "clusterId", &id)?.body.clone();
    if text(&cluster, "type") == Some("BASIC_CLUSTER") {
        return Err(ENHANCED_ONLY.with(&["A virtual node pool"]));
    }
    check(models::VIRTUAL_POOL_CREATE, &body)?;
    check_common(&body)?;
    check_idle(cloud, Kind::Cluster, &id, &["ACTIVE"])?;
    for (member, value) in [
        ("freeformTags", json!({})),
        ("definedTags", json!({})),
        ("initialVirtualNodeLabels", json!([])),
        ("taints", json!([])),
        ("nsgIds", json!([])),
        ("virtualNodeTags", json!({ "freeformTags": {}, "definedTags": {} })),
    ] {
        default(&mut body, member, value);
    }
    check_pool(cloud, &cluster, &body)?;
    set(&mut body, "kubernetesVersion", cluster["kubernetesVersion"].clone());
    let time = cloud.time();
    set(&mut body, "timeCreated", time);
    // Without it the real provider plans a change for ever.
    set(&mut body, "systemTags", json!({}));
    let id = cloud.add(Kind::VirtualNodePool, body, "CREATING", None);
    Ok(begin(cloud, Kind::VirtualNodePool, &id, Deed::Create, None))
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::VirtualNodePool, id, &["ACTIVE"])?;
    let current = cloud.get(Kind::VirtualNodePool, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    check_change(models::VIRTUAL_POOL_UPDATE, models::VIRTUAL_POOL_CREATE, &change)?;
    check_common(&change)?;
    let cluster = cloud.related(Kind::Cluster, "clusterId", text(&body, "clusterId").unwrap_or_default())?;
    let cluster = cluster.body.clone();
    merge(&mut body, &change);
    check_pool(cloud, &cluster, &body)?;
    Ok(begin(cloud, Kind::VirtualNodePool, id, Deed::Update(Box::new(body)), None))
}

pub fn delete(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::VirtualNodePool, id, &["ACTIVE", "FAILED"])?;
    crate::network::check_etag(request, cloud.get(Kind::VirtualNodePool, id)?.etag, id)?;
    Ok(begin(cloud, Kind::VirtualNodePool, id, Deed::Delete, None))
}

fn check_pool(cloud: &Cloud, cluster: &Body, pool: &Body) -> Result<(), Refusal> {
    let vcn = text(cluster, "vcnId").unwrap_or_default();
    if cni(cluster) != "OCI_VCN_IP_NATIVE" {
        return Err(VIRTUAL_NODES_NEED_NATIVE.with(&[cni(cluster)]));
    }
    let size = int(pool, "size").unwrap_or_default();
    if !(0..=MOST_NODES).contains(&size) {
        return Err(POOL_SIZE.with(&[&size.to_string()]));
    }
    object(pool, "virtualNodeTags").map_or(Ok(()), check_tags)?;
    check_nsgs(cloud, "nsgIds", &texts(pool, "nsgIds"), vcn)?;
    let pods = object(pool, "podConfiguration").expect("checked with the model");
    let shape = text(pods, "shape").unwrap_or_default();
    if !SHAPES.contains(&shape) {
        return Err(UNKNOWN_POD_SHAPE.with(&[shape]));
    }
    check_references(
        cloud,
        Kind::Subnet,
        "podConfiguration.subnetId",
        &[text(pods, "subnetId").unwrap_or_default()],
        vcn,
    )?;
    check_nsgs(cloud, "podConfiguration.nsgIds", &texts(pods, "nsgIds"), vcn)?;
    let places = objects(pool, "placementConfigurations");
    if places.is_empty() {
        return Err(NO_PLACEMENT.with(&[]));
    }
    for place in places {
        let domain = text(place, "availabilityDomain").unwrap_or_default();
        if !cloud.config.availability_domains.iter().any(|known| known == domain) {
            return Err(UNKNOWN_AD.with(&[domain]));
        }
        if texts(place, "faultDomain").is_empty() {
            return Err(NO_FAULT_DOMAIN.with(&[domain]));
        }
        check_fault_domains(place, "faultDomain")?;
        let subnet = text(place, "subnetId").unwrap_or_default();
        check_references(cloud, Kind::Subnet, "placementConfigurations.subnetId", &[subnet], vcn)?;
    }
    for taint in objects(pool, "taints") {
        let effect = text(taint, "effect").unwrap_or_default();
        if !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(&effect) {
            return Err(BAD_TAINT_EFFECT.with(&[effect]));
        }
    }
    Ok(())
}

/// The pools that go with their cluster.
pub fn bury_all(cloud: &mut Cloud, cluster: &str) {
    let of = |pool: &&crate::cloud::Resource| text(&pool.body, "clusterId") == Some(cluster);
    let ids: Vec<String> = cloud.all(Kind::VirtualNodePool).filter(of).map(|pool| pool.id.clone()).collect();
    for id in ids {
        cloud.bury(Kind::VirtualNodePool, &id, "DELETED");
    }
}
