//! Backup policies: Oracle's own three, and which volume has which.

use serde_json::json;

use crate::body::{set, text};
use crate::cloud::{Cloud, Kind, Resource};
use crate::fields::check;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::models;

/// Oracle, Policy-Based Backups.
const POLICIES: [&str; 3] = ["bronze", "silver", "gold"];

fn ocid(name: &str) -> String {
    format!("ocid1.volumebackuppolicy.oc1..{name}")
}

/// Oracle's own where no compartment is named; a tenancy has none here.
pub fn policies(request: &Request) -> Result<Answer, Refusal> {
    let document = |name: &&str| {
        let time = "2025-01-01T00:00:00.000Z";
        let schedule = json!({ "backupType": "INCREMENTAL", "period": "ONE_MONTH", "retentionSeconds": 31_536_000,
            "offsetType": "STRUCTURED", "dayOfMonth": 1, "hourOfDay": 0, "timeZone": "UTC" });
        let json = json!({ "id": ocid(name), "displayName": name, "timeCreated": time, "schedules": [schedule],
            "definedTags": {}, "freeformTags": {} });
        json.as_object().cloned().unwrap_or_default()
    };
    let all: Vec<Body> = POLICIES.iter().map(document).collect();
    crate::paging::page(request, all, &["compartmentId"], &[])
}

pub fn assign(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::POLICY_ASSIGNMENT, &body)?;
    let (asset, policy) = (text(&body, "assetId").unwrap_or_default(), text(&body, "policyId").unwrap_or_default());
    if cloud.find(Kind::Volume, asset).or(cloud.find(Kind::BootVolume, asset)).is_none() {
        return Err(RELATED_NOT_FOUND.with(&["assetId", asset]));
    }
    if !POLICIES.iter().any(|name| ocid(name) == policy) {
        return Err(UNKNOWN_BACKUP_POLICY.with(&[policy]));
    }
    if cloud.all(Kind::PolicyAssignment).any(|other| text(&other.body, "assetId") == Some(asset)) {
        return Err(POLICY_ASSIGNED.with(&[asset]));
    }
    let (id, time) = (cloud.ocid(Kind::PolicyAssignment.word()), cloud.time());
    set(&mut body, "id", id.as_str());
    set(&mut body, "timeCreated", time);
    cloud.add_as(Kind::PolicyAssignment, id.clone(), body, "ACTIVE", None);
    Ok(Answer::json(cloud.get(Kind::PolicyAssignment, &id)?.body.clone()))
}

pub fn of_asset(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let all = cloud.all(Kind::PolicyAssignment).map(|assignment| assignment.body.clone()).collect();
    crate::paging::page(request, all, &["assetId"], &["assetId"])
}

pub fn remove(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::PolicyAssignment, id)?;
    // OCI shows none that was taken away.
    cloud.erase(Kind::PolicyAssignment, id);
    Ok(Answer::empty(204))
}

/// An assignment goes with its volume.
pub fn forget(cloud: &mut Cloud, asset: &str) {
    let of = |assignment: &&Resource| text(&assignment.body, "assetId") == Some(asset);
    let ids: Vec<String> = cloud.all(Kind::PolicyAssignment).filter(of).map(|found| found.id.clone()).collect();
    for id in ids {
        cloud.bury(Kind::PolicyAssignment, &id, "DELETED");
    }
}
