//! The parts of a load balancer, by name: made, read, changed, taken away.

use serde_json::{Value, json};

use crate::body::{object, objects, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::fields::check;
use crate::jobs::Deed;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::balancers::apply_as;
use super::{listeners, models, sets};

/// What kind of part a collection holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    BackendSet,
    Listener,
    Certificate,
    RuleSet,
}

impl Part {
    fn named(collection: &str, kind: Kind) -> Option<Self> {
        match collection {
            "backendSets" => Some(Self::BackendSet),
            "listeners" => Some(Self::Listener),
            "certificates" if kind == Kind::LoadBalancer => Some(Self::Certificate),
            "ruleSets" if kind == Kind::LoadBalancer => Some(Self::RuleSet),
            _ => None,
        }
    }

    /// The member that names it.
    fn name(self) -> &'static str {
        if self == Self::Certificate { "certificateName" } else { "name" }
    }
}

pub fn answer(
    cloud: &mut Cloud,
    request: &Request,
    kind: Kind,
    id: &str,
    collection: &str,
    rest: &[&str],
) -> Option<Result<Answer, Refusal>> {
    let part = Part::named(collection, kind)?;
    Some(match (request.method.as_str(), rest) {
        ("POST", []) => create(cloud, request, kind, id, collection, part),
        ("GET", []) => all(cloud, kind, id, collection),
        ("GET", [name]) => one(cloud, kind, id, collection, name).map(Answer::json),
        ("PUT", [name]) if part != Part::Certificate => update(cloud, request, kind, id, collection, part, name),
        ("DELETE", [name]) => delete(cloud, kind, id, collection, part, name),
        _ => return None,
    })
}

fn all(cloud: &mut Cloud, kind: Kind, id: &str, collection: &str) -> Result<Answer, Refusal> {
    let body = &cloud.get(kind, id)?.body;
    let items: Vec<Value> = object(body, collection).map(|parts| parts.values().cloned().collect()).unwrap_or_default();
    Ok(Answer::json(if kind == Kind::LoadBalancer { json!(items) } else { json!({ "items": items }) }))
}

fn one(cloud: &mut Cloud, kind: Kind, id: &str, collection: &str, name: &str) -> Result<Body, Refusal> {
    let found = object(&cloud.get(kind, id)?.body, collection).and_then(|parts| object(parts, name)).cloned();
    found.ok_or_else(|| NOT_FOUND.with(&[name]))
}

fn create(
    cloud: &mut Cloud,
    request: &Request,
    kind: Kind,
    id: &str,
    collection: &str,
    part: Part,
) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    let name = text(&body, part.name()).ok_or_else(|| MISSING_PARAMETER.with(&[part.name()]))?.to_owned();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let most = if part == Part::BackendSet { 32 } else { 255 };
    if name.is_empty() || name.len() > most || !name.chars().all(allowed) {
        return Err(BALANCER_PART_NAME.with(&[&name]));
    }
    let balancer = cloud.get(kind, id)?.body.clone();
    if object(&balancer, collection).is_some_and(|parts| parts.contains_key(&name)) {
        return Err(BALANCER_PART_EXISTS.with(&[id, &name]));
    }
    complete(kind, &balancer, part, &mut body, None)?;
    apply_as(cloud, kind, id, operation(part, Deed::Create), Deed::Create, |own| {
        if let Some(parts) = own.get_mut(collection).and_then(Value::as_object_mut) {
            set(parts, &name, body);
        }
        Ok(())
    })
}

fn operation(part: Part, deed: Deed) -> &'static str {
    match (part, deed) {
        (Part::BackendSet, Deed::Create) => "CreateBackendSet",
        (Part::BackendSet, Deed::Update) => "UpdateBackendSet",
        (Part::BackendSet, Deed::Delete) => "DeleteBackendSet",
        (Part::Listener, Deed::Create) => "CreateListener",
        (Part::Listener, Deed::Update) => "UpdateListener",
        (Part::Listener, Deed::Delete) => "DeleteListener",
        (Part::Certificate, Deed::Delete) => "DeleteCertificate",
        (Part::Certificate, _) => "CreateCertificate",
        (Part::RuleSet, Deed::Create) => "CreateRuleSet",
        (Part::RuleSet, Deed::Update) => "UpdateRuleSet",
        (Part::RuleSet, Deed::Delete) => "DeleteRuleSet",
    }
}

/// Checks a part, new (`name` is none) or changed, and says all of it.
fn complete(kind: Kind, balancer: &Body, part: Part, body: &mut Body, name: Option<&str>) -> Result<(), Refusal> {
    let is_network = kind == Kind::NetworkLoadBalancer;
    match part {
        Part::BackendSet if is_network => sets::complete_network(body),
        Part::BackendSet => sets::complete(balancer, body),
        Part::Listener if is_network => listeners::complete_network(balancer, body, name),
        Part::Listener => listeners::complete(balancer, body, name),
        Part::Certificate => complete_certificate(body),
        Part::RuleSet => complete_rules(body),
    }
}

/// The key is never shown again.
fn complete_certificate(body: &mut Body) -> Result<(), Refusal> {
    check(models::CERTIFICATE, body)?;
    let is_pem = |member: &str, what: &str| {
        text(body, member).is_none_or(|pem| pem.trim().starts_with("-----BEGIN ") && pem.contains(what))
    };
    for (member, what) in
        [("publicCertificate", "CERTIFICATE"), ("caCertificate", "CERTIFICATE"), ("privateKey", "KEY")]
    {
        if text(body, member).is_some_and(|pem| !pem.is_empty()) && !is_pem(member, what) {
            return Err(BAD_CERTIFICATE.with(&[member]));
        }
    }
    body.remove("privateKey");
    body.remove("passphrase");
    Ok(())
}

fn complete_rules(body: &mut Body) -> Result<(), Refusal> {
    check(models::RULE_SET, body)?;
    let items = body.get_mut("items").and_then(Value::as_array_mut);
    for rule in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        if text(rule, "action") != Some("REDIRECT") {
            continue;
        }
        crate::body::default(rule, "responseCode", 302);
        let code = crate::body::int(rule, "responseCode").unwrap_or_default();
        if ![301, 302, 303, 307, 308].contains(&code) {
            return Err(BAD_REDIRECT.with(&[&code.to_string()]));
        }
        if objects(rule, "conditions").is_empty() || object(rule, "redirectUri").is_none() {
            return Err(INCOMPLETE_REDIRECT.with(&[]));
        }
        let uri = crate::engine::work::child(rule, "redirectUri");
        for (key, value) in [("host", "{host}"), ("path", "/{path}"), ("protocol", "{protocol}"), ("query", "?{query}")]
        {
            crate::body::default(uri, key, value);
        }
    }
    Ok(())
}

fn update(
    cloud: &mut Cloud,
    request: &Request,
    kind: Kind,
    id: &str,
    collection: &str,
    part: Part,
    name: &str,
) -> Result<Answer, Refusal> {
    let old = one(cloud, kind, id, collection, name)?;
    let mut body = request.body()?;
    if body.contains_key("name") {
        return Err(IMMUTABLE_FIELD.with(&["name"]));
    }
    if kind == Kind::NetworkLoadBalancer {
        // What a change of one of these does not say stays.
        body = old.into_iter().chain(body).collect();
    }
    set(&mut body, "name", name);
    let balancer = cloud.get(kind, id)?.body.clone();
    complete(kind, &balancer, part, &mut body, Some(name))?;
    apply_as(cloud, kind, id, operation(part, Deed::Update), Deed::Update, |own| {
        if let Some(parts) = own.get_mut(collection).and_then(Value::as_object_mut) {
            set(parts, name, body);
        }
        Ok(())
    })
}

fn delete(
    cloud: &mut Cloud,
    kind: Kind,
    id: &str,
    collection: &str,
    part: Part,
    name: &str,
) -> Result<Answer, Refusal> {
    one(cloud, kind, id, collection, name)?;
    let balancer = cloud.get(kind, id)?.body.clone();
    let uses = |user: &Body| {
        let ssl = object(user, "sslConfiguration").and_then(|ssl| text(ssl, "certificateName"));
        match part {
            Part::BackendSet => text(user, "defaultBackendSetName") == Some(name),
            Part::Certificate => ssl == Some(name),
            Part::RuleSet => texts(user, "ruleSetNames").contains(&name),
            Part::Listener => false,
        }
    };
    let users = ["listeners", "backendSets"].into_iter().filter_map(|members| object(&balancer, members));
    let user = users.flat_map(|members| members.iter()).find(|(_, user)| user.as_object().is_some_and(uses));
    if let Some((user, _)) = user {
        return Err(BALANCER_PART_IN_USE.with(&[name, user]));
    }
    apply_as(cloud, kind, id, operation(part, Deed::Delete), Deed::Delete, |own| {
        if let Some(parts) = own.get_mut(collection).and_then(Value::as_object_mut) {
            parts.remove(name);
        }
        Ok(())
    })
}
