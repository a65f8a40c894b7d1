//! Which of the control plane's documents say what is written of instances and
//! what stands before them.

use super::plan::array;
use serde_json::{Value, json};

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
