//! Load balancers of both kinds: where they stand, how much they carry.

use serde_json::{Value, json};

use crate::body::{default, flag, int, object, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, check_nsgs, check_references};
use crate::engine::check_room;
use crate::fields::{check, check_change};
use crate::jobs::{self, Deed};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{models, noted};

/// Oracle, Load Balancer Shapes: Mbps of the flexible one.
const BANDWIDTH: std::ops::RangeInclusive<i64> = 10..=8000;
const FIXED: [&str; 5] = ["10Mbps-Micro", "10Mbps", "100Mbps", "400Mbps", "8000Mbps"];

pub fn create(cloud: &mut Cloud, request: &Request, kind: Kind) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    let is_network = kind == Kind::NetworkLoadBalancer;
    check(if is_network { models::NETWORK_BALANCER } else { models::BALANCER }, &body)?;
    check_common(&body)?;
    default(&mut body, "isPrivate", false);
    default(&mut body, "networkSecurityGroupIds", json!([]));
    check_place(cloud, &body)?;
    if !is_network {
        check_shape(&body)?;
    }
    fill(cloud, kind, &mut body);
    let doomed = jobs::is_doomed(cloud);
    let id = cloud.add(kind, body, "CREATING", Some(if doomed { "FAILED" } else { "ACTIVE" }));
    let answer = noted(cloud, kind, &id, "CreateLoadBalancer", Deed::Create, doomed);
    if !is_network {
        return Ok(answer);
    }
    let made = cloud.get(kind, &id)?.body.clone();
    Ok(Answer { content: crate::wire::Content::Json(Value::Object(made)), ..answer })
}

/// What OCI sets where the request does not.
fn fill(cloud: &mut Cloud, kind: Kind, body: &mut Body) {
    let time = cloud.time();
    set(body, "timeCreated", time);
    default(body, "freeformTags", json!({}));
    default(body, "definedTags", json!({}));
    set(body, "systemTags", json!({}));
    set(body, "securityAttributes", json!({}));
    let subnet = subnets(body).first().map(|subnet| (*subnet).to_owned()).unwrap_or_default();
    let public = flag(body, "isPrivate") != Some(true);
    let address =
        if public { crate::compute::fresh_address(cloud) } else { crate::compute::vnic::free_address(cloud, &subnet) };
    let mut parts = vec!["backendSets", "listeners"];
    if kind == Kind::NetworkLoadBalancer {
        set(body, "ipAddresses", json!([{ "ipAddress": address, "isPublic": public, "ipVersion": "IPV4" }]));
        default(body, "isPreserveSourceDestination", false);
        default(body, "isSymmetricHashEnabled", false);
        default(body, "nlbIpVersion", "IPV4");
    } else {
        set(body, "ipAddresses", json!([{ "ipAddress": address, "isPublic": public }]));
        default(body, "ipMode", "IPV4");
        default(body, "isDeleteProtectionEnabled", false);
        default(body, "isRequestIdEnabled", false);
        default(body, "requestIdHeader", "X-Request-Id");
        parts.extend(["certificates", "ruleSets"]);
    }
    for part in parts {
        set(body, part, json!({}));
    }
}

/// The subnets of a load balancer of either kind.
pub fn subnets(body: &Body) -> Vec<&str> {
    text(body, "subnetId").into_iter().chain(texts(body, "subnetIds")).collect()
}

/// One regional subnet; or, for one that is public, two of two domains.
fn check_place(cloud: &Cloud, body: &Body) -> Result<(), Refusal> {
    let subnets = subnets(body);
    let first = subnets.first().copied().unwrap_or_default();
    let vcn = cloud.related(Kind::Subnet, "subnetIds", first)?.vcn();
    check_references(cloud, Kind::Subnet, "subnetIds", &subnets, vcn)?;
    let private = flag(body, "isPrivate") == Some(true);
    let member =
        |subnet: &&str, name: &str| cloud.find(Kind::Subnet, subnet).and_then(|found| found.body.get(name).cloned());
    let regional = subnets.iter().any(|subnet| member(subnet, "availabilityDomain").is_none());
    if subnets.len() > 2 || subnets.len() == 2 && (private || regional) {
        return Err(BALANCER_SUBNETS.with(&[&subnets.len().to_string()]));
    }
    let closed = |subnet: &&&str| member(subnet, "prohibitPublicIpOnVnic") == Some(json!(true));
    if let Some(subnet) = subnets.iter().find(closed).filter(|_| !private) {
        return Err(PUBLIC_IP_PROHIBITED.with(&[subnet, "a load balancer"]));
    }
    check_nsgs(cloud, "networkSecurityGroupIds", &texts(body, "networkSecurityGroupIds"), vcn)?;
    check_room(cloud, first, 1)
}

fn check_shape(body: &Body) -> Result<(), Refusal> {
    let shape = text(body, "shapeName").unwrap_or_default();
    let details = object(body, "shapeDetails");
    if shape != "flexible" {
        return if FIXED.contains(&shape) && details.is_none() { Ok(()) } else { Err(BALANCER_SHAPE.with(&[shape])) };
    }
    let details = details.ok_or_else(|| MISSING_PARAMETER.with(&["shapeDetails"]))?;
    let member = |name| int(details, name).unwrap_or_default();
    let (least, most) = (member("minimumBandwidthInMbps"), member("maximumBandwidthInMbps"));
    if BANDWIDTH.contains(&least) && BANDWIDTH.contains(&most) && least <= most {
        return Ok(());
    }
    Err(BALANCER_BANDWIDTH.with(&[&least.to_string(), &most.to_string()]))
}

pub fn update(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let is_network = kind == Kind::NetworkLoadBalancer;
    let (update, create) = if is_network {
        (models::NETWORK_BALANCER_UPDATE, models::NETWORK_BALANCER)
    } else {
        (models::BALANCER_UPDATE, models::BALANCER)
    };
    let change = request.body()?;
    check_change(update, create, &change)?;
    check_common(&change)?;
    apply(cloud, kind, id, "UpdateLoadBalancer", |body| {
        body.extend(change.clone());
        Ok(())
    })
}

/// Does a change of a load balancer's document, or fails to.
pub fn apply(
    cloud: &mut Cloud,
    kind: Kind,
    id: &str,
    operation: &'static str,
    change: impl FnOnce(&mut Body) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    apply_as(cloud, kind, id, operation, Deed::Update, change)
}

/// The same, by what its work request says that it does.
pub fn apply_as(
    cloud: &mut Cloud,
    kind: Kind,
    id: &str,
    operation: &'static str,
    deed: Deed,
    change: impl FnOnce(&mut Body) -> Result<(), Refusal>,
) -> Result<Answer, Refusal> {
    let mut body = cloud.get(kind, id)?.body.clone();
    // A network load balancer does one thing at a time; the other has a queue.
    if kind == Kind::NetworkLoadBalancer {
        jobs::check_idle(cloud, id)?;
    }
    change(&mut body)?;
    let doomed = jobs::is_doomed(cloud);
    if !doomed {
        let etag = cloud.next();
        let balancer = cloud.get(kind, id)?;
        balancer.body = body;
        balancer.etag = etag;
    }
    Ok(noted(cloud, kind, id, operation, deed, doomed))
}

pub fn regroup(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let change = request.body()?;
    check(models::GROUPS, &change)?;
    let mut body = cloud.get(kind, id)?.body.clone();
    set(&mut body, "networkSecurityGroupIds", json!(texts(&change, "networkSecurityGroupIds")));
    let vcn = subnets(&body).first().and_then(|subnet| cloud.find(Kind::Subnet, subnet)).map(|found| found.vcn());
    check_nsgs(cloud, "networkSecurityGroupIds", &texts(&body, "networkSecurityGroupIds"), vcn.unwrap_or_default())?;
    apply(cloud, kind, id, "UpdateNsgs", |own| {
        *own = body;
        Ok(())
    })
}

pub fn reshape(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let change = request.body()?;
    check(models::SHAPE, &change)?;
    check_shape(&change)?;
    apply(cloud, Kind::LoadBalancer, id, "UpdateShape", |body| {
        body.remove("shapeDetails");
        body.extend(change);
        Ok(())
    })
}

pub fn delete(cloud: &mut Cloud, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let body = &cloud.get(kind, id)?.body;
    if flag(body, "isDeleteProtectionEnabled") == Some(true) {
        return Err(BALANCER_PROTECTED.with(&[id]));
    }
    let doomed = jobs::is_doomed(cloud);
    let answer = noted(cloud, kind, id, "DeleteLoadBalancer", Deed::Delete, doomed);
    if !doomed {
        cloud.bury(kind, id, "DELETED");
    }
    Ok(answer)
}
