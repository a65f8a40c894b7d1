//! Work requests: what was asked for, and how far it is. A change of a
//! cluster or a node pool takes effect when its work request has succeeded.

use serde_json::{Value, json};

use crate::body::{object, set, text};
use crate::cloud::{Cloud, Kind};
use crate::refusals::{BUSY, NOT_FOUND, Refusal};
use crate::wire::{Answer, Body, Request};

use super::{addon, pool, virtual_pool};

#[derive(Debug, Clone)]
pub struct WorkRequest {
    id: String,
    compartment: String,
    kind: Kind,
    target: String,
    deed: Deed,
    /// Why it will fail.
    doom: Option<String>,
    polls: u32,
    status: &'static str,
    accepted: String,
    finished: Option<String>,
}

/// What the work comes to.
#[derive(Debug, Clone)]
pub enum Deed {
    Create,
    /// The document that the resource is to have.
    Update(Box<Body>),
    Delete,
}

impl Deed {
    fn words(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Create => ("CREATE", "CREATED", "CREATING"),
            Self::Update(_) => ("UPDATE", "UPDATED", "UPDATING"),
            Self::Delete => ("DELETE", "DELETED", "DELETING"),
        }
    }
}

/// Takes on work for a resource that exists, and answers 202.
pub fn begin(cloud: &mut Cloud, kind: Kind, target: &str, deed: Deed, doom: Option<Refusal>) -> Answer {
    let doom = match doom {
        Some(refusal) => {
            cloud.tripped.push(refusal.row.name);
            Some(refusal.message)
        }
        None => cloud.fail_next_work.then(|| "The work failed, as the test asked for".to_owned()),
    };
    cloud.fail_next_work = false;
    let id = cloud.ocid("clustersworkrequest");
    let accepted = cloud.time();
    let resource = cloud.get(kind, target).expect("work is for a resource that exists");
    set(&mut resource.body, "lifecycleState", deed.words().2);
    let compartment = text(&resource.body, "compartmentId").unwrap_or_default().to_owned();
    let by = match deed {
        Deed::Create => "createdByWorkRequestId",
        Deed::Update(_) => "updatedByWorkRequestId",
        Deed::Delete => "deletedByWorkRequestId",
    };
    if let Some(Value::Object(metadata)) = resource.body.get_mut("metadata") {
        set(metadata, by, id.as_str());
    }
    let target = target.to_owned();
    let (polls, status, finished) = (0, "ACCEPTED", None);
    cloud.work_requests.push(WorkRequest {
        id: id.clone(),
        compartment,
        kind,
        target,
        deed,
        doom,
        polls,
        status,
        accepted,
        finished,
    });
    Answer::empty(202).header("opc-work-request-id", id)
}

/// Lets the unfinished work on a resource go one step on. Whoever looks at a
/// resource makes time pass for it, so that work ends even when the client
/// that began it is gone.
pub fn touch(cloud: &mut Cloud, target: &str) {
    let open = |work: &WorkRequest| work.target == target && work.finished.is_none();
    if let Some(index) = cloud.work_requests.iter().position(open) {
        step(cloud, index);
    }
}

fn step(cloud: &mut Cloud, index: usize) {
    let wanted = cloud.config.work_request_polls;
    let work = &mut cloud.work_requests[index];
    if work.finished.is_some() {
        return;
    }
    if work.polls < wanted {
        work.status = if work.polls == 0 && wanted > 1 { "ACCEPTED" } else { "IN_PROGRESS" };
        work.polls += 1;
        return;
    }
    work.status = if work.doom.is_some() { "FAILED" } else { "SUCCEEDED" };
    let work = work.clone();
    finish(cloud, &work);
    let time = cloud.time();
    cloud.work_requests[index].finished = Some(time);
}

fn finish(cloud: &mut Cloud, work: &WorkRequest) {
    let failed = work.doom.is_some();
    match &work.deed {
        // A cluster or pool whose creation failed stays, to be deleted.
        Deed::Create if failed => set_state(cloud, work, "FAILED"),
        Deed::Create => {}
        Deed::Update(body) if !failed => {
            let etag = cloud.next();
            if let Ok(resource) = cloud.get(work.kind, &work.target) {
                // What only the control plane writes stays as it is.
                let own = ["nodes", "metadata"].map(|key| (key, resource.body.get(key).cloned()));
                resource.body = (**body).clone();
                for (key, value) in own {
                    value.into_iter().for_each(|value| set(&mut resource.body, key, value));
                }
                resource.etag = etag;
            }
        }
        Deed::Delete if !failed => {
            if work.kind == Kind::Cluster {
                pool::bury_all(cloud, &work.target);
                virtual_pool::bury_all(cloud, &work.target);
                addon::bury_all(cloud, &work.target);
            }
            return cloud.bury(work.kind, &work.target, "DELETED");
        }
        Deed::Update(_) | Deed::Delete => {}
    }
    if !(failed && matches!(work.deed, Deed::Create)) {
        set_state(cloud, work, "ACTIVE");
        if work.kind == Kind::NodePool {
            pool::settle_nodes(cloud, &work.target);
        }
    }
}

fn set_state(cloud: &mut Cloud, work: &WorkRequest, state: &str) {
    if let Ok(resource) = cloud.get(work.kind, &work.target) {
        set(&mut resource.body, "lifecycleState", state);
    }
}

/// Refuses to work on a resource that is being worked on, or that is not in
/// one of `states`.
pub fn check_idle(cloud: &mut Cloud, kind: Kind, id: &str, states: &[&str]) -> Result<(), Refusal> {
    cloud.get(kind, id)?;
    let state = |cloud: &Cloud| {
        let resource = cloud.find(kind, id).and_then(|resource| text(&resource.body, "lifecycleState"));
        resource.unwrap_or("DELETED").to_owned()
    };
    let now = state(cloud);
    if states.contains(&now.as_str()) {
        return Ok(());
    }
    touch(cloud, id);
    Err(BUSY.with(&[id, &now]))
}

pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    if request.method != "GET" {
        return None;
    }
    Some(match path {
        [] => {
            let all = cloud.work_requests.iter().map(document).collect();
            crate::paging::page(request, all, &["compartmentId", "status"], &["compartmentId"])
        }
        [id, rest @ ..] => {
            let Some(index) = cloud.work_requests.iter().position(|work| work.id == *id) else {
                return Some(Err(NOT_FOUND.with(&[id])));
            };
            let work = &cloud.work_requests[index];
            match rest {
                [] => {
                    step(cloud, index);
                    Ok(Answer::json(document(&cloud.work_requests[index])).header("retry-after", "0"))
                }
                ["errors"] if work.status != "FAILED" => Ok(Answer::json(json!([]))),
                ["errors"] => Ok(Answer::json(json!([
                    { "code": "InternalError", "message": work.doom, "timestamp": work.finished }
                ]))),
                ["logs"] => Ok(Answer::json(json!([{ "message": work.status, "timestamp": work.accepted }]))),
                _ => return None,
            }
        }
    })
}

fn document(work: &WorkRequest) -> Body {
    let (word, done, _) = work.deed.words();
    let (operation, entity) = match work.kind {
        Kind::Cluster => ("CLUSTER", "cluster"),
        Kind::VirtualNodePool => ("VIRTUALNODEPOOL", "virtualnodepool"),
        Kind::Addon => ("ADDON", "addon"),
        _ => ("NODEPOOL", "nodepool"),
    };
    let action = match work.status {
        "SUCCEEDED" => done,
        "FAILED" => "FAILED",
        _ => "IN_PROGRESS",
    };
    let mut json = json!({
        "id": work.id,
        "operationType": format!("{operation}_{word}"),
        "status": work.status,
        "compartmentId": work.compartment,
        "resources": [{
            "actionType": action,
            "entityType": entity,
            "identifier": work.target,
            "entityUri": format!("/{}/{}", work.kind.collection(), work.target),
        }],
        "timeAccepted": work.accepted,
        "timeStarted": work.accepted,
    });
    let body = json.as_object_mut().expect("an object");
    if let Some(time) = &work.finished {
        set(body, "timeFinished", time.as_str());
    }
    body.clone()
}

/// Lays a change over a document. Members of nested objects that the change
/// does not name stay; tags are replaced whole.
pub fn merge(body: &mut Body, change: &Body) {
    for (key, value) in change {
        let whole = ["freeformTags", "definedTags"].contains(&key.as_str());
        match (body.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if !whole => merge(old, new),
            _ => set(body, key, value.clone()),
        }
    }
}

/// The object under `key`, made where there is none.
pub fn child<'a>(body: &'a mut Body, key: &str) -> &'a mut Body {
    if object(body, key).is_none() {
        set(body, key, json!({}));
    }
    body.get_mut(key).and_then(Value::as_object_mut).expect("just made")
}
