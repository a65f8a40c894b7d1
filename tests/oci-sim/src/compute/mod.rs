//! The APIs of compute and block storage: instances with their VNICs and boot
//! volumes, volumes, backup policies, images.

mod address;
mod attachment;
mod backup;
pub mod boot;
pub mod image;
pub mod instance;
pub mod metadata;
pub mod models;
pub mod vnic;
mod volume;

pub use address::fresh as fresh_address;
pub use volume::check_domain;

use serde_json::json;

use crate::cloud::{Cloud, Kind};
use crate::jobs;
use crate::refusals::{NOT_FOUND, Refusal};
use crate::wire::{Answer, Body, Request};

/// Answers what stands after `/20160918/`; `None` where that is no path of ours.
pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (request.method.as_str(), path) {
        ("POST", ["instances"]) => instance::launch(cloud, request),
        ("GET", ["instances"]) => list(cloud, request, Kind::Instance, &["availabilityDomain"]),
        ("GET", ["instances", id]) => get(cloud, request, Kind::Instance, id),
        ("PUT", ["instances", id]) => instance::update(cloud, request, id),
        ("POST", ["instances", id]) => instance::act(cloud, request, id),
        ("DELETE", ["instances", id]) => instance::terminate(cloud, request, id),
        ("GET", ["vnicAttachments"]) => vnic::attachments(cloud, request),
        ("GET", ["vnics", id]) => get(cloud, request, Kind::Vnic, id),
        ("PUT", ["vnics", id]) => vnic::update(cloud, request, id),
        // There is no IPv6 here.
        ("GET", ["ipv6"]) => crate::paging::page(request, Vec::new(), &["vnicId", "subnetId", "ipAddress"], &[]),
        ("GET", ["privateIps"]) => address::private(cloud, request),
        ("POST", ["publicIps"]) => address::assign(cloud, request),
        ("POST", ["publicIps", "actions", "getByIpAddress"]) => address::find(cloud, request),
        ("DELETE", ["publicIps", id]) => address::release(cloud, id),
        ("GET", ["bootVolumeAttachments"]) => boot::attachments(cloud, request),
        ("GET", ["bootVolumes"]) => list(cloud, request, Kind::BootVolume, &["availabilityDomain"]),
        ("GET", ["bootVolumes", id]) => get(cloud, request, Kind::BootVolume, id),
        ("PUT", ["bootVolumes", id]) => boot::update(cloud, request, id),
        ("PUT", ["bootVolumes" | "volumes", id, "kmsKey"]) => volume::change_key(cloud, request, path[0], id),
        ("DELETE", ["bootVolumes", id]) => boot::delete(cloud, id),
        ("POST", ["volumes"]) => volume::create(cloud, request),
        ("GET", ["volumes"]) => list(cloud, request, Kind::Volume, &["availabilityDomain"]),
        ("GET", ["volumes", id]) => get(cloud, request, Kind::Volume, id),
        ("PUT", ["volumes", id]) => volume::update(cloud, request, id),
        ("DELETE", ["volumes", id]) => volume::delete(cloud, id),
        ("POST", ["volumeAttachments"]) => attachment::attach(cloud, request),
        ("GET", ["volumeAttachments"]) => {
            list(cloud, request, Kind::VolumeAttachment, &["availabilityDomain", "instanceId", "volumeId"])
        }
        ("GET", ["volumeAttachments", id]) => get(cloud, request, Kind::VolumeAttachment, id),
        ("DELETE", ["volumeAttachments", id]) => attachment::detach(cloud, id),
        ("GET", ["volumeBackupPolicies"]) => backup::policies(request),
        ("POST", ["volumeBackupPolicyAssignments"]) => backup::assign(cloud, request),
        ("GET", ["volumeBackupPolicyAssignments"]) => backup::of_asset(cloud, request),
        ("GET", ["volumeBackupPolicyAssignments", id]) => get(cloud, request, Kind::PolicyAssignment, id),
        ("DELETE", ["volumeBackupPolicyAssignments", id]) => backup::remove(cloud, id),
        ("GET", ["images"]) => image::list(cloud, request),
        ("GET", ["images", id]) => image::get(cloud, id),
        ("GET", ["workRequests", id, rest @ ..]) => return work(cloud, request, id, rest),
        _ => return None,
    })
}

pub fn get(cloud: &mut Cloud, request: &Request, kind: Kind, id: &str) -> Result<Answer, Refusal> {
    crate::paging::check_query(request, &[])?;
    let (body, etag) = cloud.read(kind, id)?;
    Ok(Answer::json(body).header("etag", etag.to_string()))
}

pub fn list(cloud: &mut Cloud, request: &Request, kind: Kind, filters: &[&str]) -> Result<Answer, Refusal> {
    let ids: Vec<String> = cloud.all(kind).map(|resource| resource.id.clone()).collect();
    let bodies = ids.iter().filter_map(|id| cloud.read(kind, id).ok()).map(|(body, _)| body).collect();
    let filters = [&["compartmentId", "displayName", "lifecycleState"], filters].concat();
    crate::paging::page(request, bodies, &filters, &["compartmentId"])
}

/// Takes over the change of a resource, and gives its new document.
pub fn change(cloud: &mut Cloud, kind: Kind, id: &str, body: Body) -> Result<Answer, Refusal> {
    let etag = cloud.next();
    let resource = cloud.get(kind, id)?;
    resource.body = body;
    resource.etag = etag;
    Ok(Answer::json(resource.body.clone()).header("etag", etag.to_string()))
}

fn work(cloud: &mut Cloud, request: &Request, id: &str, rest: &[&str]) -> Option<Result<Answer, Refusal>> {
    if let Err(refusal) = crate::paging::check_query(request, &["limit", "page", "sortBy", "sortOrder"]) {
        return Some(Err(refusal));
    }
    let Some(job) = (if rest.is_empty() { jobs::step(cloud, id) } else { found(cloud, id) }) else {
        return Some(Err(NOT_FOUND.with(&[id])));
    };
    Some(Ok(match rest {
        [] => Answer::json(job.document()).header("retry-after", "0"),
        ["errors"] => Answer::json(json!(job.errors())),
        ["logs"] => Answer::json(jobs::logs(&job)),
        _ => return None,
    }))
}

fn found(cloud: &Cloud, id: &str) -> Option<jobs::Job> {
    cloud.jobs.iter().find(|job| job.id == id).cloned()
}
