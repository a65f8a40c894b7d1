//! The networking API: the life that all its resources share. What is right
//! for a kind of resource stands in that kind's module.

mod gateway;
mod models;
mod nsg;
mod route;
mod rule;
mod service;
mod subnet;
mod vcn;
pub mod vnic;

use serde_json::{Value, json};

use crate::body::{default, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_common, is_ocid};
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

/// The kind that a collection holds.
fn kind(collection: &str) -> Option<Kind> {
    Kind::ALL.into_iter().filter(|kind| *kind <= Kind::Nsg).find(|kind| kind.collection() == collection)
}

/// Answers what stands after `/20160918/`; `None` where that is no networking path.
pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    if path[0] == "services" {
        return service::answer(cloud, request, &path[1..]);
    }
    let kind = kind(path[0])?;
    let listing = request.method == "GET" && matches!(path[1..], [] | [_, "securityRules" | "vnics"]);
    if !listing && let Err(refusal) = crate::paging::check_query(request, &[]) {
        return Some(Err(refusal));
    }
    Some(match (request.method.as_str(), &path[1..]) {
        ("POST", []) => create(cloud, request, kind),
        ("GET", []) => list(cloud, request, kind),
        ("GET", [id]) => get(cloud, kind, id),
        ("PUT", [id]) => update(cloud, request, kind, id),
        ("DELETE", [id]) => delete(cloud, request, kind, id),
        ("POST", [id, "actions", "changeCompartment"]) => change_compartment(cloud, request, kind, id),
        (_, [id, rest @ ..]) if kind == Kind::Nsg => return nsg::answer(cloud, request, id, rest),
        _ => return None,
    })
}

fn create(cloud: &mut Cloud, request: &Request, kind: Kind) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::model(kind).create, &body)?;
    check_common(&body)?;
    if let Some(vcn) = text(&body, "vcnId") {
        cloud.related(Kind::Vcn, "vcnId", vcn)?;
    }
    fill(cloud, kind, &mut body);
    check_kind(cloud, kind, &mut body, None)?;

    let time = cloud.time();
    set(&mut body, "timeCreated", time);
    default(&mut body, "freeformTags", json!({}));
    default(&mut body, "definedTags", json!({}));
    let number = cloud.next();
    default(&mut body, "displayName", format!("{}{number}", kind.word()));
    let id = cloud.add(kind, body, "PROVISIONING", Some("AVAILABLE"));
    if kind == Kind::Vcn {
        vcn::add_defaults(cloud, &id);
    }
    let made = cloud.get(kind, &id)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

/// What OCI sets where the request does not.
fn fill(cloud: &mut Cloud, kind: Kind, body: &mut Body) {
    match kind {
        Kind::Vcn => vcn::fill(body),
        Kind::Subnet => subnet::fill(cloud, body),
        Kind::NatGateway => gateway::fill_nat(cloud, body),
        Kind::ServiceGateway => default(body, "blockTraffic", false),
        _ => {}
    }
}

/// What must hold of a resource of this kind, new (`id` is none) or changed.
/// The values may be completed on the way, such as a rule's default type.
fn check_kind(cloud: &Cloud, kind: Kind, body: &mut Body, id: Option<&str>) -> Result<(), Refusal> {
    match kind {
        Kind::Vcn => vcn::check(body),
        Kind::Subnet => subnet::check(cloud, body, id),
        Kind::InternetGateway | Kind::NatGateway => gateway::check_only_one(cloud, kind, body, id),
        Kind::ServiceGateway => {
            gateway::check_only_one(cloud, kind, body, id)?;
            gateway::check_services(cloud, body)
        }
        Kind::RouteTable => route::check(cloud, body),
        Kind::SecurityList => rule::check_list(cloud, body),
        _ => Ok(()),
    }
}

fn get(cloud: &mut Cloud, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let (body, etag) = cloud.read(kind, id)?;
    Ok(Answer::json(body).header("etag", etag.to_string()))
}

fn list(cloud: &mut Cloud, request: &Request, kind: Kind) -> Result<Answer, Refusal> {
    let ids: Vec<String> = cloud.all(kind).map(|resource| resource.id.clone()).collect();
    let bodies = ids.iter().filter_map(|id| cloud.read(kind, id).ok()).map(|(body, _)| body).collect();
    // An NSG may be looked for by VLAN instead, which no stack of ours has.
    let required: &[&str] =
        if kind == Kind::Nsg && request.query("vcnId").is_some() { &[] } else { &["compartmentId"] };
    crate::paging::page(request, bodies, &["compartmentId", "vcnId", "displayName", "lifecycleState"], required)
}

fn update(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let current = cloud.get(kind, id)?;
    check_etag(request, current.etag, id)?;
    let mut body = current.body.clone();
    let change = request.body()?;
    let model = models::model(kind);
    check_change(model.update, model.create, &change)?;
    check_common(&change)?;
    body.extend(change);
    check_kind(cloud, kind, &mut body, Some(id))?;

    let etag = cloud.next();
    let changed = cloud.get(kind, id)?;
    changed.body = body;
    changed.etag = etag;
    Ok(Answer::json(changed.body.clone()).header("etag", etag.to_string()))
}

fn delete(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let current = cloud.get(kind, id)?;
    check_etag(request, current.etag, id)?;
    match kind {
        Kind::Vcn => vcn::check_delete(cloud, id)?,
        Kind::Subnet => vnic::check_subnet_free(cloud, id)?,
        Kind::Nsg => vnic::check_nsg_free(cloud, id)?,
        Kind::InternetGateway | Kind::NatGateway | Kind::ServiceGateway => gateway::check_delete(cloud, id)?,
        _ => subnet::check_part_free(cloud, kind, id)?,
    }
    match kind {
        Kind::Vcn => vcn::bury_defaults(cloud, id),
        Kind::Nsg => nsg::invalidate_references(cloud, id),
        _ => {}
    }
    cloud.bury(kind, id, "TERMINATED");
    Ok(Answer::empty(204))
}

fn change_compartment(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    let body = request.body()?;
    check(models::CHANGE_COMPARTMENT, &body)?;
    let to = text(&body, "compartmentId").unwrap_or_default();
    if !is_ocid(&["compartment", "tenancy"], to) {
        return Err(BAD_COMPARTMENT.with(&[to]));
    }
    let etag = cloud.next();
    let moved = cloud.get(kind, id)?;
    check_etag(request, moved.etag, id)?;
    set(&mut moved.body, "compartmentId", Value::from(to));
    moved.etag = etag;
    Ok(Answer::empty(204).header("etag", etag.to_string()))
}

/// Refuses a request whose `if-match` is not the resource's etag.
pub fn check_etag(request: &Request, etag: u64, id: &str) -> Result<(), Refusal> {
    match &request.if_match {
        Some(given) if given.trim_matches('"') != etag.to_string() && given != "*" => {
            Err(ETAG_MISMATCH.with(&[given, id]))
        }
        _ => Ok(()),
    }
}
