//! What a cluster and a node pool may be made with.

use serde_json::json;

use crate::cloud::{Cloud, Kind};
use crate::refusals::{NOT_FOUND, Refusal};
use crate::wire::Answer;

use super::shape;

pub fn clusters(cloud: &Cloud, id: &str) -> Result<Answer, Refusal> {
    check(cloud, Kind::Cluster, id)?;
    Ok(Answer::json(json!({
        "kubernetesVersions": cloud.config.kubernetes_versions,
        "clusterPodNetworkOptions": [{ "cniType": "OCI_VCN_IP_NATIVE" }, { "cniType": "FLANNEL_OVERLAY" }],
    })))
}

pub fn node_pools(cloud: &Cloud, id: &str) -> Result<Answer, Refusal> {
    check(cloud, Kind::NodePool, id)?;
    let image = format!("ocid1.image.oc1.{}.simoraclelinux8", cloud.config.region);
    let name = "Oracle-Linux-8-OKE";
    Ok(Answer::json(json!({
        "kubernetesVersions": cloud.config.kubernetes_versions,
        "shapes": shape::names().collect::<Vec<_>>(),
        "images": [name],
        "sources": [{ "sourceType": "IMAGE", "imageId": image, "sourceName": name }],
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
