//! Instance configurations, the pools that are made from them, and the
//! autoscaler that changes a pool's size.

pub mod autoscaling;
mod configuration;
mod instances;
mod models;
mod pools;

pub use instances::settle;
use serde_json::json;

use crate::body::{default, set};
use crate::cloud::{Cloud, Kind};
use crate::compute::{get, list};
use crate::refusals::Refusal;
use crate::wire::{Answer, Body, Request};

/// Answers what stands after `/20160918/`; `None` where that is no path of ours.
pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (request.method.as_str(), path) {
        ("POST", ["instanceConfigurations"]) => configuration::create(cloud, request),
        ("GET", ["instanceConfigurations"]) => list(cloud, request, Kind::InstanceConfiguration, &[]),
        ("GET", ["instanceConfigurations", id]) => get(cloud, request, Kind::InstanceConfiguration, id),
        ("PUT", ["instanceConfigurations", id]) => configuration::update(cloud, request, id),
        ("DELETE", ["instanceConfigurations", id]) => configuration::delete(cloud, id),
        ("POST", ["instancePools"]) => pools::create(cloud, request),
        ("GET", ["instancePools"]) => list(cloud, request, Kind::InstancePool, &[]),
        ("GET", ["instancePools", id]) => get(cloud, request, Kind::InstancePool, id),
        ("PUT", ["instancePools", id]) => pools::update(cloud, request, id),
        ("DELETE", ["instancePools", id]) => pools::terminate(cloud, id),
        ("POST", ["instancePools", id, "actions", "attachLoadBalancer"]) => pools::attach(cloud, request, id),
        ("POST", ["instancePools", id, "actions", "detachLoadBalancer"]) => pools::detach(cloud, request, id),
        ("GET", ["instancePools", id, "instances"]) => instances::list(cloud, request, id),
        _ => return None,
    })
}

/// What OCI sets in every one of these where the request does not.
fn fill(cloud: &mut Cloud, kind: Kind, body: &mut Body) {
    let (number, time) = (cloud.next(), cloud.time());
    default(body, "displayName", format!("{}{number}", kind.word()));
    default(body, "freeformTags", json!({}));
    default(body, "definedTags", json!({}));
    set(body, "timeCreated", time);
}
