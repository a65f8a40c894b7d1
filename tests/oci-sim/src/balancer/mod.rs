//! The load balancing APIs: the load balancer, which ends connections, and the
//! network load balancer, which passes packets on. Both have backend sets and
//! listeners, which are parts of their document.

mod balancers;
mod listeners;
mod models;
mod parts;
mod pools;
mod sets;

pub use models::ATTACH;
pub use pools::{attach, detach, forget, register};
use serde_json::json;

use crate::cloud::{Cloud, Kind};
use crate::compute::{get, list};
use crate::jobs::{self, Deed, Order};
use crate::refusals::{NOT_FOUND, Refusal};
use crate::wire::{Answer, Request};

/// Answers what stands after the version in a path of either API; `None` where
/// that is no path of ours.
pub fn answer(cloud: &mut Cloud, request: &Request, kind: Kind, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    let collection = kind.collection();
    let rest = match path {
        ["loadBalancerWorkRequests", id] if kind == Kind::LoadBalancer => return Some(work(cloud, id)),
        ["workRequests", id, rest @ ..] if kind != Kind::LoadBalancer => return network_work(cloud, id, rest),
        [first, rest @ ..] if *first == collection => rest,
        _ => return None,
    };
    Some(match (request.method.as_str(), rest) {
        ("POST", []) => balancers::create(cloud, request, kind),
        ("GET", []) => list(cloud, request, kind, &[]),
        ("GET", [id]) => get(cloud, request, kind, id),
        ("PUT", [id]) => balancers::update(cloud, request, kind, id),
        ("DELETE", [id]) => balancers::delete(cloud, kind, id),
        ("PUT", [id, "networkSecurityGroups"]) => balancers::regroup(cloud, request, kind, id),
        ("PUT", [id, "updateShape"]) if kind == Kind::LoadBalancer => balancers::reshape(cloud, request, id),
        (_, [id, part, rest @ ..]) => return parts::answer(cloud, request, kind, id, part, rest),
        _ => return None,
    })
}

/// Takes note of work on a load balancer, which is done by now, or never.
fn noted(cloud: &mut Cloud, kind: Kind, id: &str, operation: &'static str, deed: Deed, doomed: bool) -> Answer {
    let compartment = cloud.find(kind, id).and_then(|found| crate::body::text(&found.body, "compartmentId"));
    let compartment = compartment.unwrap_or_default().to_owned();
    let word = if kind == Kind::LoadBalancer { "loadbalancerworkrequest" } else { "networkloadbalancerworkrequest" };
    let order = Order { word, entity: "networkloadbalancer", operation, deed, target: id, compartment: &compartment };
    let work = jobs::begin(cloud, &order, doomed);
    let status = if kind == Kind::LoadBalancer { 204 } else { 202 };
    Answer::empty(status).header("opc-work-request-id", work)
}

/// A load balancer's work requests have a shape of their own.
fn work(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    let job = jobs::step(cloud, id).ok_or_else(|| NOT_FOUND.with(&[id]))?;
    let document = job.document();
    let errors: Vec<_> =
        job.doom().into_iter().map(|doom| json!({ "errorCode": "INTERNAL_ERROR", "message": doom })).collect();
    Ok(Answer::json(json!({
        "id": job.id,
        "loadBalancerId": job.target,
        "compartmentId": job.compartment,
        "type": job.operation,
        "lifecycleState": document.get("status"),
        "message": "",
        "errorDetails": errors,
        "timeAccepted": document.get("timeAccepted"),
        "timeFinished": document.get("timeFinished"),
    })))
}

fn network_work(cloud: &mut Cloud, id: &str, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    let found =
        if rest.is_empty() { jobs::step(cloud, id) } else { cloud.jobs.iter().find(|job| job.id == id).cloned() };
    let Some(job) = found else { return Some(Err(NOT_FOUND.with(&[id]))) };
    Some(Ok(match rest {
        [] => Answer::json(job.document()).header("retry-after", "0"),
        ["errors"] => Answer::json(json!({ "items": job.errors() })),
        ["logs"] => Answer::json(json!({ "items": jobs::logs(&job) })),
        _ => return None,
    }))
}
