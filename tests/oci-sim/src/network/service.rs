//! The services that a service gateway reaches, and their CIDR labels.

use serde_json::json;

use crate::cloud::Cloud;
use crate::refusals::{NOT_FOUND, Refusal};
use crate::wire::{Answer, Body, Request};

/// One service, or the group of all.
pub struct Service {
    pub id: String,
    pub name: String,
    /// What stands for its addresses in rules and routes.
    pub label: String,
    /// Whether it stands for all services.
    pub everything: bool,
}

/// Object Storage first, so that a stack which takes the first service
/// without looking is found out.
pub fn all(cloud: &Cloud) -> Vec<Service> {
    let key = &cloud.config.region_key;
    let service = |unique: &str, name: String, everything| Service {
        id: format!("ocid1.service.oc1.{}.{unique}", cloud.config.region),
        label: name.to_lowercase().replace(' ', "-"),
        name,
        everything,
    };
    vec![
        service("simobjectstorage", format!("OCI {key} Object Storage"), false),
        service("simallservices", format!("All {key} Services In Oracle Services Network"), true),
    ]
}

/// The CIDR labels.
pub fn labels(cloud: &Cloud) -> Vec<String> {
    all(cloud).into_iter().map(|service| service.label).collect()
}

pub fn answer(cloud: &Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    let document = |service: Service| -> Body {
        let json =
            json!({ "id": service.id, "name": service.name, "cidrBlock": service.label, "description": service.name });
        json.as_object().expect("an object").clone()
    };
    let documents = all(cloud).into_iter().map(document);
    Some(match (request.method.as_str(), path) {
        ("GET", []) => crate::paging::page(request, documents.collect(), &[], &[]),
        ("GET", [id]) => {
            let found = documents.into_iter().find(|service| service["id"] == *id);
            found.map(Answer::json).ok_or_else(|| NOT_FOUND.with(&[id]))
        }
        _ => return None,
    })
}
