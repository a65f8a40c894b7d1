//! Instances: what one may be, become, and what comes and goes with it.

use serde_json::{Value, json};

use crate::body::{default, flag, number, object, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::check_common;
use crate::engine::placement::check_fault_domains;
use crate::engine::shape;
use crate::engine::work::{child, merge};
use crate::fields::{check, check_change};
use crate::jobs::{self, Deed, Order};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{attachment, boot, metadata, models, vnic, volume};

/// What an image of Oracle's starts with.
pub fn launch_options() -> Value {
    json!({
        "bootVolumeType": "PARAVIRTUALIZED",
        "firmware": "UEFI_64",
        "networkType": "PARAVIRTUALIZED",
        "remoteDataVolumeType": "PARAVIRTUALIZED",
        "isPvEncryptionInTransitEnabled": false,
        "isConsistentVolumeNamingEnabled": true,
    })
}

pub fn launch(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let body = request.body()?;
    check(models::LAUNCH, &body)?;
    let details = check_launch(cloud, &body)?;
    let doomed = jobs::is_doomed(cloud);
    let id = add(cloud, body, details);
    let work = note(cloud, &id, "LaunchInstance", Deed::Create, doomed);
    let made = cloud.get(Kind::Instance, &id)?;
    let answer = Answer::json(made.body.clone()).header("etag", made.etag.to_string());
    if doomed {
        bury(cloud, &id, false);
    }
    Ok(answer.header("opc-work-request-id", work))
}

fn note(cloud: &mut Cloud, id: &str, operation: &'static str, deed: Deed, doomed: bool) -> String {
    let compartment = cloud.find(Kind::Instance, id).and_then(|instance| text(&instance.body, "compartmentId"));
    let compartment = compartment.unwrap_or_default().to_owned();
    let order = Order {
        word: "coreservicesworkrequest",
        entity: "instance",
        operation,
        deed,
        target: id,
        compartment: &compartment,
    };
    jobs::begin(cloud, &order, doomed)
}

/// What must hold of an instance that is launched; gives its VNIC's details.
pub fn check_launch(cloud: &Cloud, body: &Body) -> Result<Body, Refusal> {
    check_common(body)?;
    volume::check_domain(cloud, body)?;
    check_shape(&mut body.clone())?;
    let source = object(body, "sourceDetails").ok_or_else(|| MISSING_PARAMETER.with(&["sourceDetails"]))?;
    boot::check_source(cloud, source, text(body, "shape").unwrap_or_default())?;
    metadata::check(body)?;
    check_fault_domain(body)?;
    let details = object(body, "createVnicDetails").cloned().unwrap_or_default();
    vnic::check_details(cloud, &details, text(body, "availabilityDomain").unwrap_or_default(), None)?;
    Ok(details)
}

fn check_fault_domain(body: &Body) -> Result<(), Refusal> {
    let named: Vec<&str> = text(body, "faultDomain").into_iter().collect();
    let place = json!({ "faultDomains": named });
    check_fault_domains(&place.as_object().cloned().unwrap_or_default(), "faultDomains")
}

/// Checks the shape with its config, and says all of the config.
fn check_shape(body: &mut Body) -> Result<(), Refusal> {
    let mut node = Body::new();
    set(&mut node, "nodeShape", text(body, "shape").unwrap_or_default());
    if let Some(config) = object(body, "shapeConfig") {
        set(&mut node, "nodeShapeConfig", config.clone());
    }
    shape::check(&mut node)?;
    let Some(config) = object(&node, "nodeShapeConfig").cloned() else { return Ok(()) };
    let ocpus = number(&config, "ocpus").unwrap_or(1.0);
    let own = child(body, "shapeConfig");
    for (key, value) in config {
        default(own, &key, value);
    }
    // Whole OCPUs, at most 126 of them.
    set(own, "vcpus", ocpus as u64 * 2);
    set(own, "gpus", 0);
    set(own, "localDisks", 0);
    set(own, "maxVnicAttachments", (ocpus as u64).clamp(2, 24));
    set(own, "networkingBandwidthInGbps", ocpus.clamp(1.0, 40.0));
    set(own, "processorDescription", "a processor");
    Ok(())
}

/// Makes an instance from what was checked, with its VNIC and boot volume.
pub fn add(cloud: &mut Cloud, mut body: Body, details: Body) -> String {
    body.remove("createVnicDetails");
    let encrypted = body.remove("isPvEncryptionInTransitEnabled");
    let source = object(&body, "sourceDetails").cloned().unwrap_or_default();
    // OCI shows size and performance at the boot volume.
    let own = child(&mut body, "sourceDetails");
    own.remove("bootVolumeSizeInGBs");
    own.remove("bootVolumeVpusPerGB");
    check_shape(&mut body).ok();
    let (number, time) = (cloud.next(), cloud.time());
    default(&mut body, "displayName", format!("instance{number}"));
    default(&mut body, "freeformTags", json!({}));
    default(&mut body, "definedTags", json!({}));
    default(&mut body, "metadata", json!({}));
    default(&mut body, "extendedMetadata", json!({}));
    set(&mut body, "securityAttributes", json!({}));
    set(&mut body, "systemTags", json!({}));
    default(&mut body, "faultDomain", format!("FAULT-DOMAIN-{}", number % 3 + 1));
    default(child(&mut body, "instanceOptions"), "areLegacyImdsEndpointsDisabled", false);
    default(child(&mut body, "availabilityConfig"), "recoveryAction", "RESTORE_INSTANCE");
    let agent = child(&mut body, "agentConfig");
    for member in ["isMonitoringDisabled", "isManagementDisabled", "areAllPluginsDisabled"] {
        default(agent, member, false);
    }
    default(agent, "pluginsConfig", json!([]));
    let options = child(&mut body, "launchOptions");
    for (key, value) in launch_options().as_object().cloned().unwrap_or_default() {
        default(options, &key, value);
    }
    if let Some(encrypted) = encrypted {
        set(options, "isPvEncryptionInTransitEnabled", encrypted);
    }
    set(&mut body, "launchMode", "PARAVIRTUALIZED");
    set(&mut body, "imageId", source.get("imageId").cloned().unwrap_or(Value::Null));
    set(&mut body, "region", cloud.config.region.as_str());
    set(&mut body, "timeCreated", time);
    let id = cloud.add(Kind::Instance, body.clone(), "PROVISIONING", Some("RUNNING"));
    vnic::add(cloud, &id, &body, details);
    boot::add(cloud, &id, &body, &source);
    id
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    jobs::check_idle(cloud, id)?;
    let current = cloud.get(Kind::Instance, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let old = current.body.clone();
    let mut change = request.body()?;
    check_change(models::UPDATE, models::LAUNCH, &change)?;
    check_common(&change)?;
    metadata::check(&change)?;
    check_fault_domain(&change)?;
    change.remove("updateOperationConstraint");
    // What restarts the instance takes its time.
    let restarts = ["shape", "shapeConfig", "sourceDetails", "faultDomain", "launchOptions"];
    let takes_time = restarts.iter().any(|key| change.contains_key(*key));
    let source = object(&change, "sourceDetails").cloned();
    change.remove("sourceDetails");
    let mut body = old.clone();
    if change.contains_key("shape") && change.get("shape") != old.get("shape") {
        // The sizes of another shape would mean nothing.
        body.remove("shapeConfig");
    }
    if change.contains_key("metadata") {
        body.remove("metadata");
    }
    merge(&mut body, &change);
    check_shape(&mut body)?;
    let shape = text(&body, "shape").unwrap_or_default().to_owned();
    let image = text(&body, "imageId").unwrap_or_default().to_owned();
    match &source {
        Some(source) => boot::check_source(cloud, source, &shape)?,
        None => super::image::check_fits(cloud, &image, &shape)?,
    }
    let doomed = jobs::is_doomed(cloud);
    let answer = if doomed {
        Answer::json(old)
    } else {
        if let Some(source) = source {
            let keep = flag(&source, "isPreserveBootVolumeEnabled").unwrap_or(false);
            let mut source = source;
            boot::inherit(cloud, id, &mut source);
            boot::part(cloud, id, keep);
            boot::add(cloud, id, &body, &source);
            let image = source.get("imageId").cloned().unwrap_or(Value::Null);
            set(&mut body, "imageId", image.clone());
            set(child(&mut body, "sourceDetails"), "imageId", image);
        }
        super::change(cloud, Kind::Instance, id, body)?
    };
    if !takes_time && !doomed {
        return Ok(answer);
    }
    let work = note(cloud, id, "UpdateInstance", Deed::Update, doomed);
    Ok(answer.header("opc-work-request-id", work))
}

pub fn act(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    crate::paging::check_query(request, &["action"])?;
    let action = request.query("action").unwrap_or_default();
    let state = match action {
        "START" | "RESET" | "SOFTRESET" => "RUNNING",
        "STOP" | "SOFTSTOP" => "STOPPED",
        other => return Err(BAD_ACTION.with(&[other])),
    };
    let mut body = cloud.get(Kind::Instance, id)?.body.clone();
    set(&mut body, "lifecycleState", state);
    super::change(cloud, Kind::Instance, id, body)
}

pub fn terminate(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    crate::paging::check_query(request, &["preserveBootVolume", "preserveDataVolumesCreatedAtLaunch"])?;
    let current = cloud.get(Kind::Instance, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let pool = current.owner.clone();
    let doomed = jobs::is_doomed(cloud);
    let work = note(cloud, id, "TerminateInstance", Deed::Delete, doomed);
    if !doomed {
        bury(cloud, id, request.query("preserveBootVolume") == Some("true"));
        // Its pool, if it has one, launches another.
        if let Some(pool) = pool {
            crate::pool::settle(cloud, &pool);
        }
    }
    Ok(Answer::empty(204).header("opc-work-request-id", work))
}

/// Takes an instance away, with what goes with it.
pub fn bury(cloud: &mut Cloud, id: &str, keep_boot_volume: bool) {
    attachment::detach_all(cloud, id);
    boot::part(cloud, id, keep_boot_volume);
    let vnics: Vec<String> = cloud.owned(Kind::Vnic, id).map(|vnic| vnic.id.clone()).collect();
    for vnic in vnics {
        cloud.bury(Kind::Vnic, &vnic, "TERMINATED");
    }
    cloud.bury(Kind::Instance, id, "TERMINATED");
}
