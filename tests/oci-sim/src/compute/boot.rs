//! Boot volumes: they come with an instance, and go with it or stay.

use serde_json::{Value, json};

use crate::body::{int, set, text};
use crate::cloud::{Cloud, Kind, Resource};
use crate::common::{check_common, is_ocid};
use crate::fields::check;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{backup, models, volume};

/// What Oracle Linux takes where nothing is said.
const SIZE: i64 = 47;
const VPUS: i64 = 10;

/// What must hold of the source of an instance.
pub fn check_source(cloud: &Cloud, source: &Body, shape: &str) -> Result<(), Refusal> {
    let image = text(source, "imageId").unwrap_or_default();
    if !is_ocid(&["image"], image) {
        return Err(BAD_IMAGE.with(&[image]));
    }
    super::image::check_fits(cloud, image, shape)?;
    if let Some(size) = int(source, "bootVolumeSizeInGBs").filter(|size| !(50..=32768).contains(size)) {
        return Err(BOOT_VOLUME_SIZE.with(&[&size.to_string()]));
    }
    volume::check_vpus(int(source, "bootVolumeVpusPerGB"), 10)?;
    volume::check_key(text(source, "kmsKeyId"))
}

/// Makes the boot volume of an instance from its source, which was checked.
pub fn add(cloud: &mut Cloud, owner: &str, instance: &Body, source: &Body) -> String {
    let size = int(source, "bootVolumeSizeInGBs").unwrap_or(SIZE);
    let time = cloud.time();
    let name = text(instance, "displayName").unwrap_or_default();
    let mut body = json!({
        "availabilityDomain": instance.get("availabilityDomain"),
        "compartmentId": instance.get("compartmentId"),
        "displayName": format!("{name} (Boot Volume)"),
        "imageId": source.get("imageId"),
        "isHydrated": true,
        "isAutoTuneEnabled": false,
        "sizeInGBs": size,
        "sizeInMBs": size * 1024,
        "vpusPerGB": int(source, "bootVolumeVpusPerGB").unwrap_or(VPUS),
        "timeCreated": time,
        "definedTags": {},
        "freeformTags": {},
    });
    let body = body.as_object_mut().map(std::mem::take).unwrap_or_default();
    let body = match text(source, "kmsKeyId").filter(|key| !key.is_empty()) {
        Some(key) => body.into_iter().chain([("kmsKeyId".to_owned(), Value::from(key))]).collect(),
        None => body,
    };
    cloud.add_owned(Kind::BootVolume, owner, body, "AVAILABLE")
}

/// What a boot volume that takes the place of another has from it: its
/// performance, for which the change of an instance has no word.
pub fn inherit(cloud: &Cloud, instance: &str, source: &mut Body) {
    if let Some(vpus) = cloud.owned(Kind::BootVolume, instance).find_map(|volume| int(&volume.body, "vpusPerGB")) {
        set(source, "bootVolumeVpusPerGB", vpus);
    }
}

/// Takes an instance's boot volume from it: away, or out of its hands.
pub fn part(cloud: &mut Cloud, instance: &str, keep: bool) {
    let volumes: Vec<String> = cloud.owned(Kind::BootVolume, instance).map(|volume| volume.id.clone()).collect();
    for id in volumes {
        if keep {
            if let Ok(volume) = cloud.get(Kind::BootVolume, &id) {
                volume.owner = None;
            }
        } else {
            backup::forget(cloud, &id);
            cloud.bury(Kind::BootVolume, &id, "TERMINATED");
        }
    }
}

pub fn attachments(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let document = |volume: &Resource| {
        let member = |name: &str| volume.body.get(name).cloned();
        let json = json!({
            "id": volume.id.replacen("ocid1.bootvolume.", "ocid1.bootvolumeattachment.", 1),
            "availabilityDomain": member("availabilityDomain"),
            "compartmentId": member("compartmentId"),
            "bootVolumeId": volume.id,
            "instanceId": volume.owner,
            "lifecycleState": "ATTACHED",
            "timeCreated": member("timeCreated"),
        });
        json.as_object().cloned().unwrap_or_default()
    };
    let all = cloud.all(Kind::BootVolume).filter(|volume| volume.owner.is_some()).map(document).collect();
    let filters = ["availabilityDomain", "compartmentId", "instanceId", "bootVolumeId"];
    crate::paging::page(request, all, &filters, &["availabilityDomain", "compartmentId"])
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let current = cloud.get(Kind::BootVolume, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let old = current.body.clone();
    let change = request.body()?;
    check(models::VOLUME_UPDATE, &change)?;
    check_common(&change)?;
    if let Some(size) = int(&change, "sizeInGBs").filter(|size| !(50..=32768).contains(size)) {
        return Err(BOOT_VOLUME_SIZE.with(&[&size.to_string()]));
    }
    volume::check_growth(id, &old, &change)?;
    volume::check_vpus(int(&change, "vpusPerGB"), 10)?;
    let mut body = old;
    body.extend(change);
    let size = int(&body, "sizeInGBs").unwrap_or_default();
    set(&mut body, "sizeInMBs", size * 1024);
    super::change(cloud, Kind::BootVolume, id, body)
}

/// One that an instance left behind.
pub fn delete(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    if let Some(owner) = cloud.get(Kind::BootVolume, id)?.owner.clone() {
        return Err(VOLUME_IN_USE.with(&[id, &owner]));
    }
    backup::forget(cloud, id);
    cloud.bury(Kind::BootVolume, id, "TERMINATED");
    Ok(Answer::empty(204))
}
