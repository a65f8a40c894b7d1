//! Instance configurations: what an instance of a pool is launched as.

use serde_json::json;

use crate::body::{object, text, texts};
use crate::cloud::{Cloud, Kind, Resource};
use crate::common::{check_common, check_tags};
use crate::compute::{boot, change, metadata};
use crate::engine::shape;
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{fill, models};

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::CONFIGURATION, &body)?;
    check_common(&body)?;
    let launch = launch_details(&body);
    check_launch(cloud, &launch)?;
    body.remove("source");
    fill(cloud, Kind::InstanceConfiguration, &mut body);
    let id = cloud.add(Kind::InstanceConfiguration, body, "ACTIVE", None);
    let made = cloud.get(Kind::InstanceConfiguration, &id)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

/// How a configuration launches.
pub fn launch_details(configuration: &Body) -> Body {
    object(configuration, "instanceDetails")
        .and_then(|details| object(details, "launchDetails"))
        .cloned()
        .unwrap_or_default()
}

/// Where the instance will stand, and in which NSGs, is the pool's to say.
fn check_launch(cloud: &Cloud, launch: &Body) -> Result<(), Refusal> {
    check_tags(launch)?;
    if let Some(wanted) = text(launch, "shape") {
        let node = json!({ "nodeShape": wanted, "nodeShapeConfig": launch.get("shapeConfig") });
        let node = node.as_object().cloned().unwrap_or_default();
        shape::check(&mut node.into_iter().filter(|(_, value)| !value.is_null()).collect())?;
        if let Some(source) = object(launch, "sourceDetails") {
            boot::check_source(cloud, source, wanted)?;
        }
    }
    let vnic = object(launch, "createVnicDetails").cloned().unwrap_or_default();
    for nsg in texts(&vnic, "nsgIds") {
        let is_others = cloud.config.nsgs_of_others.iter().any(|of| of == nsg);
        if !is_others {
            cloud.related(Kind::Nsg, "createVnicDetails.nsgIds", nsg)?;
        }
    }
    metadata::check(launch)
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let mut body = cloud.get(Kind::InstanceConfiguration, id)?.body.clone();
    let wanted = request.body()?;
    check_change(models::NAME_AND_TAGS, models::CONFIGURATION, &wanted)?;
    check_common(&wanted)?;
    body.extend(wanted);
    change(cloud, Kind::InstanceConfiguration, id, body)
}

/// Oracle, Deleting Instance Configurations: not while a pool uses it.
pub fn delete(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::InstanceConfiguration, id)?;
    let uses = |pool: &&Resource| text(&pool.body, "instanceConfigurationId") == Some(id);
    if let Some(pool) = cloud.all(Kind::InstancePool).find(uses) {
        return Err(CONFIGURATION_IN_USE.with(&[id, &pool.id]));
    }
    cloud.erase(Kind::InstanceConfiguration, id);
    Ok(Answer::empty(204))
}
