//! An instance's VNIC: where it stands, its addresses, its name, its NSGs.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use crate::body::{default, flag, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, check_nsgs};
use crate::engine::check_room;
use crate::fields::check;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::models;

/// What must hold of a VNIC's details, new (`id` is none) or changed, of an
/// instance in an availability domain.
pub fn check_details(cloud: &Cloud, details: &Body, domain: &str, id: Option<&str>) -> Result<(), Refusal> {
    let subnet_id = text(details, "subnetId").ok_or_else(|| MISSING_PARAMETER.with(&["createVnicDetails.subnetId"]))?;
    let subnet = cloud.related(Kind::Subnet, "createVnicDetails.subnetId", subnet_id)?;
    if let Some(of) = text(&subnet.body, "availabilityDomain").filter(|of| *of != domain) {
        return Err(SUBNET_OF_OTHER_AD.with(&[subnet_id, of, domain]));
    }
    check_nsgs(cloud, "createVnicDetails.nsgIds", &texts(details, "nsgIds"), subnet.vcn())?;
    if flag(details, "assignPublicIp") == Some(true) && flag(&subnet.body, "prohibitPublicIpOnVnic") == Some(true) {
        return Err(PUBLIC_IP_PROHIBITED.with(&[subnet_id, "a VNIC"]));
    }
    check_common(details)?;
    check_hostname(cloud, details, subnet_id, &subnet.body, id)?;
    check_address(cloud, details, subnet_id, &subnet.body, id)?;
    if id.is_none() { check_room(cloud, subnet_id, 1) } else { Ok(()) }
}

fn check_hostname(
    cloud: &Cloud,
    details: &Body,
    subnet_id: &str,
    subnet: &Body,
    id: Option<&str>,
) -> Result<(), Refusal> {
    let Some(name) = text(details, "hostnameLabel") else { return Ok(()) };
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let allowed = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !allowed || name.len() > 63 || !edge(name.chars().next()) || !edge(name.chars().last()) {
        return Err(BAD_HOSTNAME.with(&[name]));
    }
    if text(subnet, "dnsLabel").is_none() {
        return Err(HOSTNAME_NEEDS_SUBNET_LABEL.with(&[subnet_id]));
    }
    let taken = others(cloud, subnet_id, id)
        .any(|vnic| text(vnic, "hostnameLabel").is_some_and(|other| other.eq_ignore_ascii_case(name)));
    if taken { Err(HOSTNAME_TAKEN.with(&[name, subnet_id])) } else { Ok(()) }
}

fn check_address(
    cloud: &Cloud,
    details: &Body,
    subnet_id: &str,
    subnet: &Body,
    id: Option<&str>,
) -> Result<(), Refusal> {
    let Some(wanted) = text(details, "privateIp") else { return Ok(()) };
    // The first host is the router's.
    if !wanted.parse().is_ok_and(|address: Ipv4Addr| hosts(subnet).skip(1).any(|host| host == address)) {
        return Err(PRIVATE_IP_OUTSIDE.with(&[wanted, subnet_id]));
    }
    if others(cloud, subnet_id, id).any(|vnic| text(vnic, "privateIp") == Some(wanted)) {
        return Err(PRIVATE_IP_TAKEN.with(&[wanted, subnet_id]));
    }
    Ok(())
}

fn others<'a>(cloud: &'a Cloud, subnet: &'a str, id: Option<&'a str>) -> impl Iterator<Item = &'a Body> {
    cloud
        .all(Kind::Vnic)
        .filter(move |vnic| Some(vnic.id.as_str()) != id)
        .map(|vnic| &vnic.body)
        .filter(move |vnic| text(vnic, "subnetId") == Some(subnet))
}

fn hosts(subnet: &Body) -> impl Iterator<Item = Ipv4Addr> {
    let net = text(subnet, "cidrBlock").and_then(|cidr| cidr.parse::<Ipv4Net>().ok());
    net.into_iter().flat_map(|net| net.hosts())
}

/// An address of a subnet's that no VNIC has.
pub fn free_address(cloud: &Cloud, subnet_id: &str) -> String {
    let subnet = cloud.find(Kind::Subnet, subnet_id).map(|subnet| subnet.body.clone()).unwrap_or_default();
    let taken: Vec<&str> = others(cloud, subnet_id, None).filter_map(|vnic| text(vnic, "privateIp")).collect();
    let mut free = hosts(&subnet).skip(1).map(|host| host.to_string());
    free.find(|host| !taken.contains(&host.as_str())).unwrap_or_default()
}

/// Makes the VNIC of an instance from details that were checked.
pub fn add(cloud: &mut Cloud, owner: &str, instance: &Body, mut details: Body) -> String {
    let subnet = text(&details, "subnetId").unwrap_or_default().to_owned();
    let open = cloud.find(Kind::Subnet, &subnet).and_then(|subnet| flag(&subnet.body, "prohibitPublicIpOnVnic"));
    let public = flag(&details, "assignPublicIp").unwrap_or(open != Some(true));
    details.remove("assignPublicIp");
    details.remove("assignPrivateDnsRecord");
    let address = free_address(cloud, &subnet);
    default(&mut details, "privateIp", address);
    default(&mut details, "nsgIds", json!([]));
    default(&mut details, "skipSourceDestCheck", false);
    default(&mut details, "freeformTags", json!({}));
    default(&mut details, "definedTags", json!({}));
    for member in ["displayName", "compartmentId", "availabilityDomain"] {
        default(&mut details, member, instance.get(member).cloned().unwrap_or(Value::Null));
    }
    let (number, time) = (cloud.next(), cloud.time());
    set(&mut details, "macAddress", format!("02:00:17:{:02x}:{:02x}:01", number / 256 % 256, number % 256));
    set(&mut details, "isPrimary", true);
    set(&mut details, "timeCreated", time);
    if public {
        let address = super::address::fresh(cloud);
        set(&mut details, "publicIp", address);
    }
    cloud.add_owned(Kind::Vnic, owner, details, "AVAILABLE")
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let current = cloud.get(Kind::Vnic, id)?;
    crate::network::check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    check(models::VNIC_UPDATE, &change)?;
    body.extend(change);
    let domain = text(&body, "availabilityDomain").unwrap_or_default().to_owned();
    check_details(cloud, &body, &domain, Some(id))?;
    super::change(cloud, Kind::Vnic, id, body)
}

/// That a VNIC is attached has an OCID of its own.
pub fn attachments(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let document = |vnic: &crate::cloud::Resource| {
        let member = |name: &str| vnic.body.get(name).cloned();
        let json = json!({
            "id": vnic.id.replacen("ocid1.vnic.", "ocid1.vnicattachment.", 1),
            "availabilityDomain": member("availabilityDomain"),
            "compartmentId": member("compartmentId"),
            "instanceId": vnic.owner,
            "lifecycleState": "ATTACHED",
            "nicIndex": 0,
            "subnetId": member("subnetId"),
            "timeCreated": member("timeCreated"),
            "vnicId": vnic.id,
        });
        json.as_object().cloned().unwrap_or_default()
    };
    let is_instances = |vnic: &&crate::cloud::Resource| {
        vnic.owner.as_deref().is_some_and(|owner| cloud.find(Kind::Instance, owner).is_some())
    };
    let all = cloud.all(Kind::Vnic).filter(is_instances).map(document).collect();
    let filters = ["availabilityDomain", "compartmentId", "instanceId", "vnicId"];
    crate::paging::page(request, all, &filters, &["compartmentId"])
}
