//! Work requests of the APIs besides the container engine's. What they were
//! asked for is done at once, or never: they only say so later.

use serde_json::{Value, json};

use crate::body::set;
use crate::cloud::Cloud;
use crate::refusals::{BUSY, Refusal};
use crate::wire::Body;

/// One work request.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: String,
    pub compartment: String,
    /// The resource that it is about, and what its API calls that.
    pub target: String,
    pub entity: &'static str,
    /// Such as `LaunchInstance`.
    pub operation: &'static str,
    pub deed: Deed,
    /// Why it failed.
    doom: Option<String>,
    polls: u32,
    accepted: String,
    finished: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Create,
    Update,
    Delete,
}

impl Deed {
    fn done(self) -> &'static str {
        match self {
            Self::Create => "CREATED",
            Self::Update => "UPDATED",
            Self::Delete => "DELETED",
        }
    }
}

impl Job {
    pub fn status(&self, accepted: &'static str) -> &'static str {
        match (&self.finished, &self.doom) {
            (None, _) if self.polls == 0 => accepted,
            (None, _) => "IN_PROGRESS",
            (Some(_), None) => "SUCCEEDED",
            (Some(_), Some(_)) => "FAILED",
        }
    }

    pub fn doom(&self) -> Option<&str> {
        self.doom.as_deref().filter(|_| self.finished.is_some())
    }

    /// The document that most APIs have of a work request.
    pub fn document(&self) -> Body {
        let status = self.status("ACCEPTED");
        let action = match status {
            "SUCCEEDED" => self.deed.done(),
            "FAILED" => "FAILED",
            _ => "IN_PROGRESS",
        };
        let mut body = Body::new();
        set(&mut body, "id", self.id.as_str());
        set(&mut body, "operationType", self.operation);
        set(&mut body, "status", status);
        set(&mut body, "compartmentId", self.compartment.as_str());
        let resource = json!({ "actionType": action, "entityType": self.entity, "identifier": self.target });
        set(&mut body, "resources", json!([resource]));
        set(&mut body, "percentComplete", if self.finished.is_some() { 100.0 } else { 0.0 });
        set(&mut body, "timeAccepted", self.accepted.as_str());
        set(&mut body, "timeStarted", self.accepted.as_str());
        if let Some(time) = &self.finished {
            set(&mut body, "timeFinished", time.as_str());
        }
        body
    }

    /// Why it failed, as a list of errors.
    pub fn errors(&self) -> Vec<Body> {
        let error = |doom: &str| {
            let error = json!({ "code": "InternalError", "message": doom, "timestamp": self.finished });
            error.as_object().cloned().unwrap_or_default()
        };
        self.doom().map(error).into_iter().collect()
    }
}

/// What a new work request is about.
pub struct Order<'a> {
    pub word: &'static str,
    pub entity: &'static str,
    pub operation: &'static str,
    pub deed: Deed,
    pub target: &'a str,
    pub compartment: &'a str,
}

/// Whether the work that is begun now is to fail, which a test may have asked
/// for: then nothing may be done of it.
pub fn is_doomed(cloud: &mut Cloud) -> bool {
    std::mem::take(&mut cloud.fail_next_work)
}

/// Notes work that is done, or is `doomed`, and gives its OCID.
pub fn begin(cloud: &mut Cloud, order: &Order, doomed: bool) -> String {
    let (id, accepted) = (cloud.ocid(order.word), cloud.time());
    let doom = doomed.then(|| "The work failed, as the test asked for".to_owned());
    cloud.jobs.push(Job {
        id: id.clone(),
        compartment: order.compartment.to_owned(),
        target: order.target.to_owned(),
        entity: order.entity,
        operation: order.operation,
        deed: order.deed,
        doom,
        polls: 0,
        accepted,
        finished: None,
    });
    id
}

/// Lets one work request go one step on, and gives it.
pub fn step(cloud: &mut Cloud, id: &str) -> Option<Job> {
    let (wanted, time) = (cloud.config.work_request_polls, cloud.time());
    let job = cloud.jobs.iter_mut().find(|job| job.id == id)?;
    if job.finished.is_none() {
        if job.polls < wanted {
            job.polls += 1;
        } else {
            job.finished = Some(time);
        }
    }
    Some(job.clone())
}

/// A creation is no reason to wait: the resource's own state says how far that is.
fn unfinished(cloud: &Cloud, target: &str) -> Option<String> {
    let open = |job: &&Job| job.target == target && job.finished.is_none() && job.deed != Deed::Create;
    cloud.jobs.iter().find(open).map(|job| job.id.clone())
}

/// Refuses work on a resource that is being worked on.
pub fn check_idle(cloud: &mut Cloud, target: &str) -> Result<(), Refusal> {
    match unfinished(cloud, target) {
        Some(id) => {
            step(cloud, &id);
            Err(BUSY.with(&[target, "being worked on"]))
        }
        None => Ok(()),
    }
}

/// A list of errors or logs as JSON.
pub fn logs(job: &Job) -> Value {
    json!([{ "message": job.status("ACCEPTED"), "timestamp": job.accepted }])
}
