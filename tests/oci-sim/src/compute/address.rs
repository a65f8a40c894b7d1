//! The addresses of a VNIC as resources of their own, as far as it takes to
//! give a VNIC a public one and to take it away.

use serde_json::json;

use crate::body::{flag, set, text};
use crate::cloud::{Cloud, Kind, Resource};
use crate::fields::check;
use crate::refusals::{NOT_FOUND, PUBLIC_IP_PROHIBITED, RELATED_NOT_FOUND, Refusal};
use crate::wire::{Answer, Body, Request};

use super::models;

/// A public address that was not given before.
pub fn fresh(cloud: &mut Cloud) -> String {
    let number = cloud.next();
    format!("203.0.{}.{}", 113 + number / 250 % 100, number % 250 + 1)
}

fn id_of(vnic: &Resource, kind: &str) -> String {
    vnic.id.replacen("ocid1.vnic.", &format!("ocid1.{kind}."), 1)
}

pub fn private(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let document = |vnic: &Resource| {
        let member = |name: &str| vnic.body.get(name).cloned();
        let json = json!({
            "id": id_of(vnic, "privateip"),
            "ipAddress": member("privateIp"),
            "isPrimary": true,
            "vnicId": vnic.id,
            "subnetId": member("subnetId"),
            "compartmentId": member("compartmentId"),
            "availabilityDomain": member("availabilityDomain"),
            "timeCreated": member("timeCreated"),
        });
        json.as_object().cloned().unwrap_or_default()
    };
    let all = cloud.all(Kind::Vnic).map(document).collect();
    crate::paging::page(request, all, &["vnicId", "subnetId", "ipAddress"], &[])
}

/// The document of a VNIC's public address.
fn public(vnic: &Resource) -> Body {
    let member = |name: &str| vnic.body.get(name).cloned();
    let json = json!({
        "id": id_of(vnic, "publicip"),
        "ipAddress": member("publicIp"),
        "lifetime": "EPHEMERAL",
        "lifecycleState": "ASSIGNED",
        "scope": "AVAILABILITY_DOMAIN",
        "compartmentId": member("compartmentId"),
        "privateIpId": id_of(vnic, "privateip"),
        "assignedEntityId": id_of(vnic, "privateip"),
        "assignedEntityType": "PRIVATE_IP",
    });
    json.as_object().cloned().unwrap_or_default()
}

pub fn assign(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let body = request.body()?;
    check(models::PUBLIC_IP, &body)?;
    let wanted = text(&body, "privateIpId").unwrap_or_default();
    let vnic = cloud.all(Kind::Vnic).find(|vnic| id_of(vnic, "privateip") == wanted);
    let vnic = vnic.ok_or_else(|| RELATED_NOT_FOUND.with(&["privateIpId", wanted]))?;
    let (id, subnet) = (vnic.id.clone(), text(&vnic.body, "subnetId").unwrap_or_default().to_owned());
    let prohibited = cloud.find(Kind::Subnet, &subnet).and_then(|subnet| flag(&subnet.body, "prohibitPublicIpOnVnic"));
    if prohibited == Some(true) {
        return Err(PUBLIC_IP_PROHIBITED.with(&[&subnet, "a VNIC"]));
    }
    let address = fresh(cloud);
    let vnic = cloud.get(Kind::Vnic, &id)?;
    set(&mut vnic.body, "publicIp", address);
    Ok(Answer::json(public(vnic)))
}

pub fn find(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let body = request.body()?;
    check(models::FIND_IP, &body)?;
    let wanted = text(&body, "ipAddress").unwrap_or_default();
    let vnic = cloud.all(Kind::Vnic).find(|vnic| text(&vnic.body, "publicIp") == Some(wanted));
    vnic.map(|vnic| Answer::json(public(vnic))).ok_or_else(|| NOT_FOUND.with(&[wanted]))
}

pub fn release(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    let has = |vnic: &&Resource| id_of(vnic, "publicip") == id && text(&vnic.body, "publicIp").is_some();
    let vnic = cloud.all(Kind::Vnic).find(has).map(|vnic| vnic.id.clone()).ok_or_else(|| NOT_FOUND.with(&[id]))?;
    cloud.get(Kind::Vnic, &vnic)?.body.remove("publicIp");
    Ok(Answer::empty(204))
}
