//! Refusals of instances, their VNICs and volumes.

use oci_sim::refusals::*;
use serde_json::{Value, json};

use super::Case;
use crate::simulator::client::{CORE, Reply, World, but};
use crate::simulator::stack::Stack;

/// An instance, right but for `change`.
fn launch(world: &World, stack: &Stack, change: Value) -> Reply {
    world.make("instances", but(stack.instance(world), change))
}

/// The same with something else about its VNIC.
fn vnic(world: &World, stack: &Stack, change: Value) -> Reply {
    launch(world, stack, json!({ "createVnicDetails": change }))
}

fn source(world: &World, stack: &Stack, change: Value) -> Reply {
    launch(world, stack, json!({ "sourceDetails": change }))
}

/// An instance that exists, and then a change of it.
fn change(world: &World, stack: &Stack, change: Value) -> Reply {
    let instance = launch(world, stack, json!({})).id();
    world.put(&format!("{CORE}/instances/{instance}"), change)
}

fn volume(world: &World, stack: &Stack, change: Value) -> Reply {
    world.make("volumes", but(stack.volume(world), change))
}

/// A volume that is to be attached to an instance.
fn attach(world: &World, stack: &Stack, change: Value) -> Reply {
    let instance = launch(world, stack, json!({})).id();
    attach_to(world, stack, &instance, change)
}

fn attach_to(world: &World, stack: &Stack, instance: &str, change: Value) -> Reply {
    let volume = volume(world, stack, json!({})).id();
    let body = json!({ "instanceId": instance, "volumeId": volume, "type": "paravirtualized" });
    world.post(&format!("{CORE}/volumeAttachments"), but(body, change))
}

fn assign(world: &World, asset: &str, policy: &str) -> Reply {
    let body = json!({ "assetId": asset, "policyId": policy });
    world.post(&format!("{CORE}/volumeBackupPolicyAssignments"), body)
}

const GOLD: &str = "ocid1.volumebackuppolicy.oc1..gold";

pub const CASES: &[Case] = &[
    (UNKNOWN_AD, |world, stack| launch(world, stack, json!({ "availabilityDomain": "AD-9" }))),
    (UNKNOWN_FAULT_DOMAIN, |world, stack| launch(world, stack, json!({ "faultDomain": "FAULT-DOMAIN-4" }))),
    (UNKNOWN_SHAPE, |world, stack| launch(world, stack, json!({ "shape": "VM.Standard.Z9.Flex" }))),
    (FLEX_NEEDS_CONFIG, |world, stack| launch(world, stack, json!({ "shapeConfig": null }))),
    (SHAPE_OCPUS, |world, stack| launch(world, stack, json!({ "shapeConfig": { "ocpus": 127 } }))),
    (SHAPE_MEMORY, |world, stack| launch(world, stack, json!({ "shapeConfig": { "memoryInGBs": 65 } }))),
    (FIXED_SHAPE_CONFIG, |world, stack| launch(world, stack, json!({ "shape": "VM.Standard2.1" }))),
    (IMAGE_OF_OTHER_ARCHITECTURE, |world, stack| launch(world, stack, json!({ "shape": "VM.Standard.A1.Flex" }))),
    (IMAGE_OF_OTHER_ARCHITECTURE, |world, stack| {
        source(world, stack, json!({ "imageId": "ocid1.image.oc1.eu-frankfurt-1.oraclelinux96aarch64202608310" }))
    }),
    (BAD_IMAGE, |world, stack| source(world, stack, json!({ "imageId": "Oracle-Linux-9" }))),
    (BOOT_VOLUME_SIZE, |world, stack| source(world, stack, json!({ "bootVolumeSizeInGBs": 49 }))),
    (BOOT_VOLUME_SIZE, |world, stack| source(world, stack, json!({ "bootVolumeSizeInGBs": 32769 }))),
    (BAD_VPUS, |world, stack| source(world, stack, json!({ "bootVolumeVpusPerGB": 0 }))),
    (BAD_KMS_KEY, |world, stack| source(world, stack, json!({ "kmsKeyId": "mine" }))),
    (BAD_SSH_KEY, |world, stack| launch(world, stack, json!({ "metadata": { "ssh_authorized_keys": "id_rsa.pub" } }))),
    (BAD_USER_DATA, |world, stack| launch(world, stack, json!({ "metadata": { "user_data": "#!/bin/sh" } }))),
    (METADATA_TOO_LARGE, |world, stack| {
        launch(world, stack, json!({ "metadata": { "user_data": "QUJD".repeat(8_000) } }))
    }),
    (MISSING_PARAMETER, |world, stack| launch(world, stack, json!({ "createVnicDetails": null }))),
    (RELATED_NOT_FOUND, |world, stack| vnic(world, stack, json!({ "subnetId": "ocid1.subnet.oc1..none" }))),
    (PUBLIC_IP_PROHIBITED, |world, stack| vnic(world, stack, json!({ "assignPublicIp": true }))),
    (SUBNET_OF_OTHER_AD, |world, stack| {
        let subnet =
            json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/24", "availabilityDomain": world.domains()[1] });
        let subnet = world.make("subnets", subnet).id();
        vnic(world, stack, json!({ "subnetId": subnet }))
    }),
    (TOO_MANY_NSGS, |world, stack| {
        let nsg = |_| world.make("networkSecurityGroups", json!({ "vcnId": stack.vcn })).id();
        vnic(world, stack, json!({ "nsgIds": (0..6).map(nsg).collect::<Vec<_>>() }))
    }),
    (SUBNET_FULL, |world, stack| {
        let subnet = world.make("subnets", json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/30" })).id();
        vnic(world, stack, json!({ "subnetId": subnet })).ok();
        vnic(world, stack, json!({ "subnetId": subnet }))
    }),
    (BAD_HOSTNAME, |world, stack| vnic(world, stack, json!({ "hostnameLabel": "db_0" }))),
    (HOSTNAME_NEEDS_SUBNET_LABEL, |world, stack| {
        let subnet = world.make("subnets", json!({ "vcnId": stack.vcn, "cidrBlock": "10.0.32.0/24" })).id();
        vnic(world, stack, json!({ "subnetId": subnet, "hostnameLabel": "db" }))
    }),
    (HOSTNAME_TAKEN, |world, stack| {
        vnic(world, stack, json!({ "hostnameLabel": "db" })).ok();
        vnic(world, stack, json!({ "hostnameLabel": "DB" }))
    }),
    (PRIVATE_IP_OUTSIDE, |world, stack| vnic(world, stack, json!({ "privateIp": "10.0.0.1" }))),
    (PRIVATE_IP_OUTSIDE, |world, stack| vnic(world, stack, json!({ "privateIp": "10.9.0.9" }))),
    (PRIVATE_IP_TAKEN, |world, stack| {
        vnic(world, stack, json!({ "privateIp": "10.0.0.9" })).ok();
        vnic(world, stack, json!({ "privateIp": "10.0.0.9" }))
    }),
    // A change is held to the same as a launch.
    (IMMUTABLE_FIELD, |world, stack| change(world, stack, json!({ "availabilityDomain": world.domains()[1] }))),
    (FLEX_NEEDS_CONFIG, |world, stack| change(world, stack, json!({ "shape": "VM.Standard.E4.Flex" }))),
    (IMAGE_OF_OTHER_ARCHITECTURE, |world, stack| {
        change(world, stack, json!({ "shape": "VM.Standard.A1.Flex", "shapeConfig": { "ocpus": 1 } }))
    }),
    (BUSY, |world, stack| {
        let instance = launch(world, stack, json!({})).id();
        let path = format!("{CORE}/instances/{instance}");
        world.put(&path, json!({ "shapeConfig": { "ocpus": 2 } })).ok();
        world.put(&path, json!({ "shapeConfig": { "ocpus": 3 } }))
    }),
    (BAD_ACTION, |world, stack| {
        let instance = launch(world, stack, json!({})).id();
        world.post(&format!("{CORE}/instances/{instance}?action=SLEEP"), json!({}))
    }),
    (DUPLICATE_ID, |world, stack| {
        launch(world, stack, json!({})).ok();
        let vnic = world.sim.state()["vnics"][0]["id"].as_str().expect("a VNIC").to_owned();
        world.put(&format!("{CORE}/vnics/{vnic}"), json!({ "nsgIds": [stack.api, stack.api] }))
    }),
    // What an instance holds in place.
    (SUBNET_IN_USE, |world, stack| {
        launch(world, stack, json!({})).ok();
        world.delete(&format!("{CORE}/subnets/{}", stack.private))
    }),
    (NSG_IN_USE, |world, stack| {
        launch(world, stack, json!({})).ok();
        world.delete(&format!("{CORE}/networkSecurityGroups/{}", stack.worker))
    }),
    (VOLUME_SIZE, |world, stack| volume(world, stack, json!({ "sizeInGBs": 49 }))),
    (VOLUME_SIZE, |world, stack| volume(world, stack, json!({ "sizeInGBs": 32769 }))),
    (BAD_VPUS, |world, stack| volume(world, stack, json!({ "vpusPerGB": 15 }))),
    (BAD_VPUS, |world, stack| volume(world, stack, json!({ "vpusPerGB": 130 }))),
    (VOLUME_SHRINKS, |world, stack| {
        let volume = volume(world, stack, json!({})).id();
        world.put(&format!("{CORE}/volumes/{volume}"), json!({ "sizeInGBs": 99 }))
    }),
    (VOLUME_SHRINKS, |world, stack| {
        launch(world, stack, json!({})).ok();
        let boot = world.sim.state()["bootVolumes"][0]["id"].as_str().expect("a boot volume").to_owned();
        world.put(&format!("{CORE}/bootVolumes/{boot}"), json!({ "sizeInGBs": 50 }))
    }),
    (VOLUME_IN_USE, |world, stack| {
        let attachment = attach(world, stack, json!({})).ok();
        world.delete(&format!("{CORE}/volumes/{}", attachment["volumeId"].as_str().expect("a volume")))
    }),
    (VOLUME_ATTACHED, |world, stack| {
        let attachment = attach(world, stack, json!({})).ok();
        let other = launch(world, stack, json!({})).id();
        attach_to(world, stack, &other, json!({ "volumeId": attachment["volumeId"] }))
    }),
    (VOLUME_OF_OTHER_AD, |world, stack| {
        let far = volume(world, stack, json!({ "availabilityDomain": world.domains()[1] })).id();
        attach(world, stack, json!({ "volumeId": far }))
    }),
    (BAD_ATTACHMENT_TYPE, |world, stack| attach(world, stack, json!({ "type": "usb" }))),
    (BAD_DEVICE, |world, stack| attach(world, stack, json!({ "device": "/dev/oracleoci/oraclevda" }))),
    (BAD_DEVICE, |world, stack| attach(world, stack, json!({ "device": "/dev/sdb" }))),
    (DEVICE_TAKEN, |world, stack| {
        let device = json!({ "device": "/dev/oracleoci/oraclevdb" });
        let first = attach(world, stack, device.clone()).ok();
        attach_to(world, stack, first["instanceId"].as_str().expect("an instance"), device)
    }),
    (TOO_MANY_VOLUMES, |world, stack| {
        let instance = launch(world, stack, json!({})).id();
        (0..32).for_each(|_| drop(attach_to(world, stack, &instance, json!({})).ok()));
        attach_to(world, stack, &instance, json!({}))
    }),
    (RELATED_NOT_FOUND, |world, _| assign(world, "ocid1.volume.oc1..none", GOLD)),
    (UNKNOWN_BACKUP_POLICY, |world, stack| {
        assign(world, &volume(world, stack, json!({})).id(), "ocid1.volumebackuppolicy.oc1..lead")
    }),
    (POLICY_ASSIGNED, |world, stack| {
        let volume = volume(world, stack, json!({})).id();
        assign(world, &volume, GOLD).ok();
        assign(world, &volume, GOLD)
    }),
];
