//! Block volumes.

use serde_json::json;

use crate::body::{default, int, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, is_ocid};
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{backup, models};

const SIZE: i64 = 1024;
const VPUS: i64 = 10;

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::VOLUME, &body)?;
    check_common(&body)?;
    check_domain(cloud, &body)?;
    default(&mut body, "sizeInGBs", SIZE);
    default(&mut body, "vpusPerGB", VPUS);
    check_volume(&body)?;
    let (number, time) = (cloud.next(), cloud.time());
    default(&mut body, "displayName", format!("volume{number}"));
    default(&mut body, "freeformTags", json!({}));
    default(&mut body, "definedTags", json!({}));
    default(&mut body, "isAutoTuneEnabled", false);
    set(&mut body, "autotunePolicies", json!([]));
    set(&mut body, "isHydrated", true);
    set(&mut body, "systemTags", json!({}));
    set(&mut body, "timeCreated", time);
    complete(&mut body);
    let id = cloud.add(Kind::Volume, body, "PROVISIONING", Some("AVAILABLE"));
    let made = cloud.get(Kind::Volume, &id)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

pub fn check_domain(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let wanted = text(body, "availabilityDomain").unwrap_or_default();
    let known = cloud.config.availability_domains.iter().any(|domain| domain == wanted);
    if known { Ok(()) } else { Err(UNKNOWN_AD.with(&[wanted])) }
}

fn complete(body: &mut Body) {
    let size = int(body, "sizeInGBs").unwrap_or_default();
    set(body, "sizeInMBs", size * 1024);
}

fn check_volume(body: &Body) -> Result<(), Refusal> {
    if let Some(size) = int(body, "sizeInGBs").filter(|size| !(50..=32768).contains(size)) {
        return Err(VOLUME_SIZE.with(&[&size.to_string()]));
    }
    check_vpus(int(body, "vpusPerGB"), 0)?;
    check_key(text(body, "kmsKeyId"))
}

/// Oracle, Block Volume Performance: volume performance units come in tens.
pub fn check_vpus(vpus: Option<i64>, least: i64) -> Result<(), Refusal> {
    match vpus {
        Some(vpus) if vpus % 10 != 0 || !(least..=120).contains(&vpus) => {
            Err(BAD_VPUS.with(&[&least.to_string(), &vpus.to_string()]))
        }
        _ => Ok(()),
    }
}

pub fn check_key(key: Option<&str>) -> Result<(), Refusal> {
    match key.filter(|key| !key.is_empty() && !is_ocid(&["key"], key)) {
        Some(key) => Err(BAD_KMS_KEY.with(&[key])),
        None => Ok(()),
    }
}

pub fn check_growth(id: &str, old: &Body, change: &Body) -> Result<(), Refusal> {
    let was = int(old, "sizeInGBs").unwrap_or_default();
    match int(change, "sizeInGBs").filter(|size| *size < was) {
        Some(size) => Err(VOLUME_SHRINKS.with(&[id, &was.to_string(), &size.to_string()])),
        None => Ok(()),
    }
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let current = cloud.get(Kind::Volume, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    check_change(models::VOLUME_UPDATE, models::VOLUME, &change)?;
    check_common(&change)?;
    check_growth(id, &body, &change)?;
    body.extend(change);
    check_volume(&body)?;
    complete(&mut body);
    super::change(cloud, Kind::Volume, id, body)
}

pub fn change_key(cloud: &mut Cloud, request: &Request, collection: &str, id: &str) -> Result<Answer, Refusal> {
    let kind = if collection == "volumes" { Kind::Volume } else { Kind::BootVolume };
    let mut body = cloud.get(kind, id)?.body.clone();
    let change = request.body()?;
    check(models::KEY, &change)?;
    check_key(text(&change, "kmsKeyId"))?;
    body.extend(change.clone());
    super::change(cloud, kind, id, body)?;
    Ok(Answer::json(change))
}

pub fn delete(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::Volume, id)?;
    let of = |attachment: &&crate::cloud::Resource| text(&attachment.body, "volumeId") == Some(id);
    if let Some(attachment) = cloud.all(Kind::VolumeAttachment).find(of) {
        return Err(VOLUME_IN_USE.with(&[id, text(&attachment.body, "instanceId").unwrap_or_default()]));
    }
    backup::forget(cloud, id);
    cloud.bury(Kind::Volume, id, "TERMINATED");
    Ok(Answer::empty(204))
}
