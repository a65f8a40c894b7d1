//! Which of the control plane's documents say what is written of instances and
//! what stands before them.

use super::plan::array;
use serde_json::{Map, Value, json};

/// What comes with a resource, by the snapshot's collection of it.
fn part<'a>(snapshot: &'a Value, collection: &str, owner: &str) -> Option<&'a Value> {
    array(&snapshot[collection]).iter().find(|part| part["simOwner"] == owner)
}

/// An instance says itself neither where its VNIC is nor how large its boot
/// volume is: both have documents of their own.
pub fn instance(snapshot: &Value, id: &str, mut written: Value) -> (Value, Option<Value>) {
    let Some(mut found) = array(&snapshot["instances"]).iter().find(|instance| instance["id"] == id).cloned() else {
        return (written, None);
    };
    let members = written.as_object_mut().expect("a document");
    for said_once in ["preserveBootVolume", "updateOperationConstraint"] {
        members.remove(said_once);
    }
    if let Some(encrypted) = members.remove("isPvEncryptionInTransitEnabled") {
        members.entry("launchOptions").or_insert_with(|| json!({}))["isPvEncryptionInTransitEnabled"] = encrypted;
    }
    if let Some(source) = members.get_mut("sourceDetails").and_then(Value::as_object_mut) {
        source.remove("isPreserveBootVolumeEnabled");
        if let Some(image) = source.remove("sourceId") {
            source.insert("imageId".to_owned(), image);
        }
    }
    let boot = part(snapshot, "bootVolumes", id).cloned().unwrap_or_default();
    found["sourceDetails"]["bootVolumeSizeInGBs"] = boot["sizeInGBs"].clone();
    found["sourceDetails"]["bootVolumeVpusPerGB"] = boot["vpusPerGB"].clone();
    let mut vnic = part(snapshot, "vnics", id).cloned().unwrap_or_default();
    vnic["assignPublicIp"] = json!(vnic["publicIp"].is_string());
    found["createVnicDetails"] = vnic;
    (written, Some(found))
}

/// What OCI adds to an autoscaling configuration where nothing is written.
pub fn complete_autoscaling(written: &mut Map<String, Value>) {
    if let Some(pool) = written.remove("autoScalingResources") {
        written.insert("resource".to_owned(), pool);
    }
    for policy in written.get_mut("policies").and_then(Value::as_array_mut).into_iter().flatten() {
        let policy = policy.as_object_mut().expect("a policy");
        policy.entry("isEnabled").or_insert(json!(true));
        if let Some(capacity) = policy.get_mut("capacity").and_then(Value::as_object_mut) {
            let size = capacity["initial"].clone();
            capacity.entry("min").or_insert_with(|| size.clone());
            capacity.entry("max").or_insert(size);
        }
        for rule in policy.get_mut("rules").and_then(Value::as_array_mut).into_iter().flatten() {
            let metric = rule["metric"].as_object_mut().expect("a metric");
            metric.entry("metricSource").or_insert(json!("COMPUTE_AGENT"));
            metric.entry("pendingDuration").or_insert(json!("PT3M"));
        }
    }
}
