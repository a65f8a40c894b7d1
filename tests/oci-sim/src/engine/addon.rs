//! Add-ons of enhanced clusters. Nothing runs them: they are what was asked for.

use serde_json::json;

use crate::body::{default, set, text};
use crate::cloud::{Cloud, Kind};
use crate::fields::check;
use crate::refusals::{ADDON_EXISTS, ENHANCED_ONLY, Refusal};
use crate::wire::{Answer, Request};

use super::models;
use super::work::{Deed, begin, check_idle, merge};

/// Where an add-on is kept: it has no OCID.
pub fn key(cluster: &str, name: &str) -> String {
    format!("clusters/{cluster}/addons/{name}")
}

pub fn install(cloud: &mut Cloud, request: &Request, cluster: &str) -> Result<Answer, Refusal> {
    let body = &cloud.get(Kind::Cluster, cluster)?.body;
    if text(body, "type") == Some("BASIC_CLUSTER") {
        return Err(ENHANCED_ONLY.with(&["An add-on"]));
    }
    check_idle(cloud, Kind::Cluster, cluster, &["ACTIVE"])?;
    let mut body = request.body()?;
    check(models::ADDON_INSTALL, &body)?;
    let name = text(&body, "addonName").unwrap_or_default().to_owned();
    let key = key(cluster, &name);
    if cloud.find(Kind::Addon, &key).is_some() {
        return Err(ADDON_EXISTS.with(&[&name, cluster]));
    }
    body.remove("isOverrideExisting");
    body.remove("addonName");
    let time = cloud.time();
    set(&mut body, "name", name.as_str());
    set(&mut body, "timeCreated", time.as_str());
    default(&mut body, "configurations", json!([]));
    cloud.add_as(Kind::Addon, key.clone(), body, "CREATING", None);
    Ok(begin(cloud, Kind::Addon, &key, Deed::Create, None))
}

pub fn update(cloud: &mut Cloud, request: &Request, cluster: &str, name: &str) -> Result<Answer, Refusal> {
    let key = key(cluster, name);
    check_idle(cloud, Kind::Addon, &key, &["ACTIVE"])?;
    let change = request.body()?;
    check(models::ADDON_UPDATE, &change)?;
    let mut body = cloud.get(Kind::Addon, &key)?.body.clone();
    merge(&mut body, &change);
    Ok(begin(cloud, Kind::Addon, &key, Deed::Update(Box::new(body)), None))
}

/// With or without what it runs, which is not modelled.
pub fn disable(cloud: &mut Cloud, _: &Request, cluster: &str, name: &str) -> Result<Answer, Refusal> {
    let key = key(cluster, name);
    check_idle(cloud, Kind::Addon, &key, &["ACTIVE", "FAILED"])?;
    Ok(begin(cloud, Kind::Addon, &key, Deed::Delete, None))
}

/// They go with their cluster.
pub fn bury_all(cloud: &mut Cloud, cluster: &str) {
    let prefix = key(cluster, "");
    let ids = cloud.all(Kind::Addon).map(|addon| addon.id.clone()).filter(|id| id.starts_with(&prefix));
    for id in ids.collect::<Vec<_>>() {
        cloud.bury(Kind::Addon, &id, "DELETED");
    }
}
