//! What a cluster and a node pool may be made with.

use serde_json::json;

use crate::cloud::{Cloud, Kind};
use crate::refusals::{NOT_FOUND, Refusal};
use crate::wire::{Answer, Request};

use super::{image, shape};

pub fn clusters(cloud: &Cloud, id: &str) -> Result<Answer, Refusal> {
    check(cloud, Kind::Cluster, id)?;
    Ok(Answer::json(json!({
        "kubernetesVersions": cloud.config.kubernetes_versions,
        "clusterPodNetworkOptions": [{ "cniType": "OCI_VCN_IP_NATIVE" }, { "cniType": "FLANNEL_OVERLAY" }],
    })))
}

pub fn node_pools(cloud: &Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    check(cloud, Kind::NodePool, id)?;
    let asked = |name: &str, value: &str| request.query(name).is_none_or(|wanted| wanted == value);
    let images = image::all(cloud).into_iter().filter(|image| {
        asked("nodePoolK8sVersion", &image.version)
            && asked("nodePoolOsArch", image.build.architecture)
            && asked("nodePoolOsType", "OL8")
    });
    let sources: Vec<_> =
        images.map(|image| json!({ "sourceType": "IMAGE", "imageId": image.id, "sourceName": image.name })).collect();
    Ok(Answer::json(json!({
        "kubernetesVersions": cloud.config.kubernetes_versions,
        "shapes": shape::names().collect::<Vec<_>>(),
        "images": sources.iter().map(|source| source["sourceName"].clone()).collect::<Vec<_>>(),
        "sources": sources,
    })))
}

/// The options of all, or of one that exists.
fn check(cloud: &Cloud, kind: Kind, id: &str) -> Result<(), Refusal> {
    if id == "all" || cloud.find(kind, id).is_some() || cloud.find(Kind::Cluster, id).is_some() {
        Ok(())
    } else {
        Err(NOT_FOUND.with(&[id]))
    }
}
