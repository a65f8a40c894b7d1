//! OCI's own images: several majors of Oracle Linux and one of another system,
//! for each processor, of several dates.

use serde_json::json;

use crate::body::text;
use crate::cloud::Cloud;
use crate::engine::shape;
use crate::images::{ARM, Build, GPU, X86};
use crate::refusals::{IMAGE_OF_OTHER_ARCHITECTURE, MISSING_PARAMETER, NOT_FOUND, Refusal, UNKNOWN_SHAPE};
use crate::wire::{Answer, Body, Request};

/// When OCI's images are from, until it publishes more.
pub const DATES: [&str; 3] = ["2026.06.30", "2026.08.31", "2026.07.31"];

const SYSTEMS: [(&str, &str, &str); 4] = [
    ("Oracle Linux", "8", "Oracle-Linux-8.10"),
    ("Oracle Linux", "9", "Oracle-Linux-9.6"),
    ("Oracle Linux", "10", "Oracle-Linux-10.1"),
    ("Canonical Ubuntu", "24.04", "Canonical-Ubuntu-24.04"),
];

struct Image {
    body: Body,
    build: Build,
}

fn all(cloud: &Cloud) -> Vec<Image> {
    let mut images = Vec::new();
    for date in &cloud.image_dates {
        for (system, version, name) in SYSTEMS {
            for build in [X86, ARM, GPU] {
                let name = format!("{name}-{}{date}-0", build.example);
                let unique = name.to_lowercase().replace(['-', '.'], "");
                let body = json!({
                    "id": format!("ocid1.image.oc1.{}.{unique}", cloud.config.region),
                    "displayName": name,
                    "operatingSystem": system,
                    "operatingSystemVersion": version,
                    "createImageAllowed": true,
                    "launchMode": "NATIVE",
                    "launchOptions": super::instance::launch_options(),
                    "listingType": "NONE",
                    "sizeInMBs": 47694,
                    "billableSizeInGBs": 20,
                    "lifecycleState": "AVAILABLE",
                    "definedTags": {},
                    "freeformTags": {},
                    "timeCreated": format!("{}T00:00:00.000Z", date.replace('.', "-")),
                });
                images.push(Image { body: body.as_object().cloned().unwrap_or_default(), build });
            }
        }
    }
    images
}

/// What shape a build is for.
fn fits(build: Build, shape: &str) -> bool {
    let is_gpu = shape.contains(".GPU");
    match build {
        ARM => is_arm(shape),
        GPU => is_gpu,
        _ => !is_arm(shape) && !is_gpu,
    }
}

/// Whether a shape has Ampere's processors.
fn is_arm(shape: &str) -> bool {
    [".A1.", ".A2.", ".A4."].iter().any(|series| shape.contains(series))
}

/// Refuses an image of OCI's or OKE's whose processor the shape has not. One
/// that a tenancy made is not known here.
pub fn check_fits(cloud: &Cloud, image: &str, shape: &str) -> Result<(), Refusal> {
    let own = all(cloud).into_iter().find(|known| text(&known.body, "id") == Some(image)).map(|known| known.build);
    let okes = || crate::engine::image::all(cloud).into_iter().find(|known| known.id == image).map(|known| known.build);
    match own.or_else(okes) {
        Some(build) if (build.architecture == ARM.architecture) != is_arm(shape) => {
            Err(IMAGE_OF_OTHER_ARCHITECTURE.with(&[image, build.architecture, shape]))
        }
        _ => Ok(()),
    }
}

pub fn list(cloud: &Cloud, request: &Request) -> Result<Answer, Refusal> {
    if request.query("compartmentId").is_none() {
        return Err(MISSING_PARAMETER.with(&["compartmentId"]));
    }
    let wanted = request.query("shape");
    if let Some(shape) = wanted.filter(|wanted| !shape::names().any(|name| name == *wanted)) {
        return Err(UNKNOWN_SHAPE.with(&[shape]));
    }
    let images = all(cloud).into_iter().filter(|image| wanted.is_none_or(|shape| fits(image.build, shape)));
    let bodies = images.map(|image| image.body).collect();
    // OCI's own images are in every compartment, and say none.
    let mut rest = request.clone();
    rest.query.retain(|(name, _)| name != "compartmentId" && name != "shape");
    let filters = ["displayName", "operatingSystem", "operatingSystemVersion", "lifecycleState"];
    crate::paging::page(&rest, bodies, &filters, &[])
}

pub fn get(cloud: &Cloud, id: &str) -> Result<Answer, Refusal> {
    let found = all(cloud).into_iter().find(|image| text(&image.body, "id") == Some(id));
    found.map(|image| Answer::json(image.body)).ok_or_else(|| NOT_FOUND.with(&[id]))
}
