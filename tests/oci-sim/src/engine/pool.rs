//! Node pools: what one may be, become, and what its nodes are.

use serde_json::{Value, json};

use crate::body::{default, flag, int, object, objects, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, check_tags, is_ocid};
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::work::{Deed, begin, check_idle, child, merge};
use super::{image, models, placement, shape, version};

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::POOL_CREATE, &body)?;
    check_common(&body)?;
    let cluster = cluster(cloud, &body)?;
    let cluster_id = text(&body, "clusterId").unwrap_or_default().to_owned();
    check_idle(cloud, Kind::Cluster, &cluster_id, &["ACTIVE"])?;
    default(&mut body, "kubernetesVersion", cluster["kubernetesVersion"].clone());
    default(&mut body, "freeformTags", json!({}));
    default(&mut body, "definedTags", json!({}));
    default(&mut body, "initialNodeLabels", json!([]));
    default(&mut body, "nodeMetadata", json!({}));
    default(&mut body, "quantityPerSubnet", 0);
    let config = child(&mut body, "nodeConfigDetails");
    default(config, "freeformTags", json!({}));
    default(config, "definedTags", json!({}));
    default(config, "nsgIds", json!([]));
    check_pool(cloud, &cluster, &mut body, None)?;
    set(&mut body, "nodes", json!([]));
    let doom = placement::check_room(cloud, &body, 0).err();
    let id = cloud.add(Kind::NodePool, body, "CREATING", None);
    Ok(begin(cloud, Kind::NodePool, &id, Deed::Create, doom))
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::NodePool, id, &["ACTIVE"])?;
    let current = cloud.get(Kind::NodePool, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    check_change(models::POOL_UPDATE, models::POOL_CREATE, &change)?;
    check_common(&change)?;
    let cluster = cluster(cloud, &body)?;
    let cluster_id = text(&body, "clusterId").unwrap_or_default().to_owned();
    check_idle(cloud, Kind::Cluster, &cluster_id, &["ACTIVE"])?;
    let nodes = objects(&body, "nodes").len();
    let shape = body["nodeShape"].clone();
    merge(&mut body, &change);
    if change.contains_key("nodeShape") && !change.contains_key("nodeShapeConfig") && body["nodeShape"] != shape {
        // The sizes of another shape would mean nothing.
        body.remove("nodeShapeConfig");
    }
    check_pool(cloud, &cluster, &mut body, Some(id))?;
    let doom = placement::check_room(cloud, &body, nodes).err();
    Ok(begin(cloud, Kind::NodePool, id, Deed::Update(Box::new(body)), doom))
}

pub fn delete(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check_idle(cloud, Kind::NodePool, id, &["ACTIVE", "FAILED"])?;
    if let Some(grace) = request.query("overrideEvictionGraceDuration") {
        check_grace(grace)?;
    }
    crate::network::check_etag(request, cloud.get(Kind::NodePool, id)?.etag, id)?;
    Ok(begin(cloud, Kind::NodePool, id, Deed::Delete, None))
}

fn cluster(cloud: &Cloud, pool: &Body) -> Result<Body, Refusal> {
    let id = text(pool, "clusterId").unwrap_or_default();
    Ok(cloud.related(Kind::Cluster, "clusterId", id)?.body.clone())
}

/// What must hold of a pool, new (`id` is none) or changed.
fn check_pool(cloud: &Cloud, cluster: &Body, pool: &mut Body, id: Option<&str>) -> Result<(), Refusal> {
    check_version(cloud, cluster, pool)?;
    let most_pods = shape::check(pool)?;
    check_source(cloud, pool)?;
    placement::check(cloud, cluster, pool, id, most_pods)?;
    object(pool, "nodeConfigDetails").map_or(Ok(()), check_tags)?;
    let key = object(pool, "nodeConfigDetails").and_then(|config| text(config, "kmsKeyId"));
    if let Some(key) = key.filter(|key| !key.is_empty() && !is_ocid(&["key"], key)) {
        return Err(BAD_KMS_KEY.with(&[key]));
    }
    let cycling = object(pool, "nodePoolCyclingDetails").and_then(|cycling| flag(cycling, "isNodeCyclingEnabled"));
    if cycling == Some(true) && text(cluster, "type") == Some("BASIC_CLUSTER") {
        return Err(ENHANCED_ONLY.with(&["Node cycling"]));
    }
    let eviction = object(pool, "nodeEvictionNodePoolSettings");
    eviction.and_then(|eviction| text(eviction, "evictionGraceDuration")).map_or(Ok(()), check_grace)?;
    check_labels(pool)?;
    let key_kinds = ["ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-"];
    match text(pool, "sshPublicKey") {
        Some(key) if !key.is_empty() && !key_kinds.iter().any(|kind| key.starts_with(kind)) => {
            Err(BAD_SSH_KEY.with(&[]))
        }
        _ => Ok(()),
    }
}

fn check_version(cloud: &Cloud, cluster: &Body, pool: &Body) -> Result<(), Refusal> {
    let versions = &cloud.config.kubernetes_versions;
    let (at, plane_at) =
        (text(pool, "kubernetesVersion").unwrap_or_default(), text(cluster, "kubernetesVersion").unwrap_or_default());
    let (nodes, plane) = (version::known(at, versions)?, version::known(plane_at, versions)?);
    if nodes > plane {
        return Err(POOL_NEWER_THAN_CLUSTER.with(&[at, plane_at]));
    }
    if version::too_old(nodes, plane) {
        return Err(POOL_TOO_OLD.with(&[at, plane_at]));
    }
    Ok(())
}

fn check_source(cloud: &Cloud, pool: &mut Body) -> Result<(), Refusal> {
    let version = text(pool, "kubernetesVersion").unwrap_or_default().to_owned();
    let source = object(pool, "nodeSourceDetails").expect("checked with the model");
    let kind = text(source, "sourceType").unwrap_or_default();
    if kind != "IMAGE" {
        return Err(BAD_SOURCE_TYPE.with(&[kind]));
    }
    let image = text(source, "imageId").unwrap_or_default().to_owned();
    if !is_ocid(&["image"], &image) {
        return Err(BAD_IMAGE.with(&[&image]));
    }
    match int(source, "bootVolumeSizeInGBs") {
        Some(size) if !(50..=32768).contains(&size) => return Err(BOOT_VOLUME_SIZE.with(&[&size.to_string()])),
        _ => {}
    }
    let known = image::all(cloud).into_iter().find(|known| known.id == image);
    if let Some(known) = known.iter().find(|known| known.version != version) {
        return Err(IMAGE_OF_OTHER_VERSION.with(&[&image, &known.version, &version]));
    }
    // What is not OKE's is somebody's own.
    let name = known.map_or_else(|| "custom".to_owned(), |known| known.name);
    set(pool, "nodeSource", json!({ "sourceType": "IMAGE", "imageId": image, "sourceName": name }));
    set(pool, "nodeImageId", image);
    set(pool, "nodeImageName", name);
    Ok(())
}

/// An ISO 8601 duration of hours, minutes and seconds, at most an hour.
fn check_grace(text: &str) -> Result<(), Refusal> {
    let seconds = || {
        let mut rest = text.strip_prefix("PT").filter(|rest| !rest.is_empty())?;
        let mut seconds = 0_u64;
        for (unit, factor) in [('H', 3600), ('M', 60), ('S', 1)] {
            if let Some((number, after)) = rest.split_once(unit) {
                seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(factor)?)?;
                rest = after;
            }
        }
        rest.is_empty().then_some(seconds)
    };
    if seconds().is_some_and(|seconds| seconds <= 3600) { Ok(()) } else { Err(BAD_EVICTION_GRACE.with(&[text])) }
}

/// Keys as Kubernetes has them: an optional prefix, a slash, a name of at most 63.
fn check_labels(pool: &Body) -> Result<(), Refusal> {
    let mut seen = Vec::new();
    for label in objects(pool, "initialNodeLabels") {
        let key = text(label, "key").unwrap_or_default();
        let (prefix, name) = key.rsplit_once('/').unwrap_or(("a", key));
        let allowed = |text: &str| {
            let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            edge(text.chars().next())
                && edge(text.chars().last())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if seen.contains(&key) || !allowed(name) || name.len() > 63 || !allowed(prefix) || prefix.len() > 253 {
            return Err(BAD_NODE_LABEL.with(&[key]));
        }
        seen.push(key);
    }
    Ok(())
}

/// Makes and unmakes nodes until there are as many as the pool wants, where
/// it wants them. Nodes keep their version: only cycling replaces them.
pub fn settle_nodes(cloud: &mut Cloud, id: &str) {
    let Some(pool) = cloud.find(Kind::NodePool, id).map(|pool| pool.body.clone()) else { return };
    let config = object(&pool, "nodeConfigDetails").cloned().unwrap_or_default();
    let places: Vec<Body> = objects(&config, "placementConfigs").into_iter().cloned().collect();
    let size = usize::try_from(int(&config, "size").unwrap_or_default()).unwrap_or_default();
    let cycling = object(&pool, "nodePoolCyclingDetails").and_then(|cycling| flag(cycling, "isNodeCyclingEnabled"));
    let stays = |node: &&Body| {
        let placed = places.iter().any(|place| {
            text(place, "subnetId") == text(node, "subnetId")
                && text(place, "availabilityDomain") == text(node, "availabilityDomain")
        });
        let current = node.get("kubernetesVersion") == pool.get("kubernetesVersion");
        placed && (current || cycling != Some(true))
    };
    let mut nodes: Vec<Body> = objects(&pool, "nodes").into_iter().filter(stays).take(size).cloned().collect();
    for index in nodes.len()..size {
        let place = &places[index % places.len()];
        let instance = cloud.ocid("instance");
        let number = cloud.next();
        let node = json!({
            "id": instance,
            "name": format!("oke-sim-{number}"),
            "nodePoolId": id,
            "kubernetesVersion": pool["kubernetesVersion"],
            "availabilityDomain": place["availabilityDomain"],
            "faultDomain": format!("FAULT-DOMAIN-{}", index % 3 + 1),
            "subnetId": place["subnetId"],
            "lifecycleState": "ACTIVE",
            "freeformTags": config.get("freeformTags"),
            "definedTags": config.get("definedTags"),
        });
        nodes.push(node.as_object().expect("an object").clone());
    }
    if let Ok(pool) = cloud.get(Kind::NodePool, id) {
        set(&mut pool.body, "nodes", nodes.into_iter().map(Value::Object).collect::<Vec<_>>());
    }
}

/// The pools that go with their cluster.
pub fn bury_all(cloud: &mut Cloud, cluster: &str) {
    let of = |pool: &&crate::cloud::Resource| text(&pool.body, "clusterId") == Some(cluster);
    let ids: Vec<String> = cloud.all(Kind::NodePool).filter(of).map(|pool| pool.id.clone()).collect();
    for id in ids {
        cloud.bury(Kind::NodePool, &id, "DELETED");
    }
}
