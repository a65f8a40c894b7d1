//! The identity API: availability domains and compartments.

use serde_json::json;

use crate::cloud::Cloud;
use crate::common::is_ocid;
use crate::refusals::{BAD_COMPARTMENT, NOT_FOUND, Refusal};
use crate::wire::{Answer, Body, Request};

/// Answers what stands after `/20160918/`; `None` where that is no identity path.
pub fn answer(cloud: &Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (request.method.as_str(), path) {
        ("GET", ["availabilityDomains"]) => domains(cloud, request),
        ("GET", ["compartments", id]) => compartment(id),
        _ => return None,
    })
}

fn domains(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    let wanted = request.query("compartmentId").unwrap_or_default();
    let documents: Vec<Body> = cloud
        .config
        .availability_domains
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let id = format!("ocid1.availabilitydomain.oc1..simad{}", index + 1);
            let json = json!({ "name": name, "id": id, "compartmentId": wanted });
            json.as_object().expect("an object").clone()
        })
        .collect();
    let answer = crate::paging::page(request, documents, &["compartmentId"], &["compartmentId"])?;
    if is_ocid(&["compartment", "tenancy"], wanted) { Ok(answer) } else { Err(BAD_COMPARTMENT.with(&[wanted])) }
}

/// Every compartment that could be one exists.
fn compartment(id: &str) -> Result<Answer, Refusal> {
    if !is_ocid(&["compartment", "tenancy"], id) {
        return Err(NOT_FOUND.with(&[id]));
    }
    Ok(Answer::json(json!({ "id": id, "name": "sim", "description": "sim", "lifecycleState": "ACTIVE" })))
}
