//! Volumes that are attached to instances.

use serde_json::json;

use crate::body::{default, flag, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::check_common;
use crate::fields::check;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::models;

const VOLUMES_AN_INSTANCE: usize = 32;

pub fn attach(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::ATTACHMENT, &body)?;
    check_common(&body)?;
    let kind = text(&body, "type").unwrap_or_default().to_owned();
    if !["iscsi", "paravirtualized"].contains(&kind.as_str()) {
        return Err(BAD_ATTACHMENT_TYPE.with(&[&kind]));
    }
    check_ends(cloud, &body)?;
    check_device(cloud, &body)?;
    let of = |member| text(&body, member).and_then(|id| cloud.find(Kind::Instance, id)).map(|found| &found.body);
    let instance = of("instanceId").cloned().unwrap_or_default();
    body.remove("type");
    for member in ["availabilityDomain", "compartmentId"] {
        set(&mut body, member, text(&instance, member).unwrap_or_default());
    }
    set(&mut body, "attachmentType", kind.as_str());
    for member in ["isReadOnly", "isShareable", "isMultipath", "isVolumeCreatedDuringLaunch"] {
        default(&mut body, member, false);
    }
    default(&mut body, "isPvEncryptionInTransitEnabled", false);
    if kind == "iscsi" {
        let number = cloud.next();
        default(&mut body, "isAgentAutoIscsiLoginEnabled", false);
        default(&mut body, "encryptionInTransitType", "NONE");
        set(&mut body, "ipv4", "169.254.2.2");
        set(&mut body, "iqn", format!("iqn.2015-12.com.oracleiaas:sim{number}"));
        set(&mut body, "port", 3260);
        if flag(&body, "useChap") == Some(true) {
            set(&mut body, "chapUsername", "sim");
            set(&mut body, "chapSecret", "sim");
        }
        set(&mut body, "multipathDevices", json!([]));
    }
    body.remove("useChap");
    let (number, time) = (cloud.next(), cloud.time());
    default(&mut body, "displayName", format!("volumeattachment{number}"));
    set(&mut body, "timeCreated", time);
    let id = cloud.ocid(Kind::VolumeAttachment.word());
    set(&mut body, "id", id.as_str());
    // It has no tags, so no defaults of a tenancy either.
    cloud.add_as(Kind::VolumeAttachment, id.clone(), body, "ATTACHING", Some("ATTACHED"));
    let made = cloud.get(Kind::VolumeAttachment, &id)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

fn check_ends(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let (instance, volume) = (text(body, "instanceId").unwrap_or_default(), text(body, "volumeId").unwrap_or_default());
    let domain = |body: &Body| text(body, "availabilityDomain").unwrap_or_default().to_owned();
    let at = domain(&cloud.related(Kind::Instance, "instanceId", instance)?.body);
    let of = domain(&cloud.related(Kind::Volume, "volumeId", volume)?.body);
    if at != of {
        return Err(VOLUME_OF_OTHER_AD.with(&[volume, &of, &at]));
    }
    let here = |attachment: &&crate::cloud::Resource| text(&attachment.body, "volumeId") == Some(volume);
    let mut others = cloud.all(Kind::VolumeAttachment).filter(here);
    let shared = |body: &Body| flag(body, "isShareable") == Some(true);
    match others.find(|other| !shared(&other.body) || !shared(body)) {
        Some(other) => Err(VOLUME_ATTACHED.with(&[volume, text(&other.body, "instanceId").unwrap_or_default()])),
        None => Ok(()),
    }
}

/// Oracle, Connecting to Volumes with Consistent Device Paths: the names go
/// from `oraclevdb` to `oraclevdag`.
fn check_device(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let instance = text(body, "instanceId").unwrap_or_default();
    let here = |attachment: &&crate::cloud::Resource| text(&attachment.body, "instanceId") == Some(instance);
    let others: Vec<&Body> = cloud.all(Kind::VolumeAttachment).filter(here).map(|other| &other.body).collect();
    if others.len() >= VOLUMES_AN_INSTANCE {
        return Err(TOO_MANY_VOLUMES.with(&[instance]));
    }
    let Some(device) = text(body, "device") else { return Ok(()) };
    let letters = ('b'..='z').map(String::from).chain(('a'..='g').map(|letter| format!("a{letter}")));
    if !letters.map(|letters| format!("/dev/oracleoci/oraclevd{letters}")).any(|known| known == device) {
        return Err(BAD_DEVICE.with(&[device]));
    }
    if others.iter().any(|other| text(other, "device") == Some(device)) {
        return Err(DEVICE_TAKEN.with(&[instance, device]));
    }
    Ok(())
}

pub fn detach(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::VolumeAttachment, id)?;
    cloud.bury(Kind::VolumeAttachment, id, "DETACHED");
    Ok(Answer::empty(204))
}

/// The attachments that go with their instance.
pub fn detach_all(cloud: &mut Cloud, instance: &str) {
    let of = |attachment: &&crate::cloud::Resource| text(&attachment.body, "instanceId") == Some(instance);
    let ids: Vec<String> = cloud.all(Kind::VolumeAttachment).filter(of).map(|found| found.id.clone()).collect();
    for id in ids {
        cloud.bury(Kind::VolumeAttachment, &id, "DETACHED");
    }
}
