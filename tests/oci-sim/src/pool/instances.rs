//! The instances of a pool: each is one like any other, with its VNIC and its
//! boot volume, and belongs to the pool.

use serde_json::json;

use crate::body::{default, int, objects, set, text};
use crate::cloud::{Cloud, Kind, Resource};
use crate::compute::instance;
use crate::engine::work::child;
use crate::refusals::Refusal;
use crate::wire::{Answer, Body, Request};

use super::configuration::launch_details;
use super::pools::{fault_domains, subnet};

/// What launches one more instance of a pool at a placement.
fn launch(cloud: &Cloud, pool: &Body, place: &Body, number: usize) -> Body {
    let configuration = text(pool, "instanceConfigurationId").unwrap_or_default();
    let configuration = cloud.find(Kind::InstanceConfiguration, configuration).map(|found| found.body.clone());
    let mut body = launch_details(&configuration.unwrap_or_default());
    let domains = fault_domains(place);
    let domain = domains.get(number % domains.len().max(1)).cloned().unwrap_or_default();
    let name = text(pool, "displayName").unwrap_or_default();
    default(&mut body, "compartmentId", text(pool, "compartmentId").unwrap_or_default());
    default(&mut body, "faultDomain", domain);
    set(&mut body, "availabilityDomain", text(place, "availabilityDomain").unwrap_or_default());
    set(&mut body, "displayName", format!("inst-{number:05}-{name}"));
    set(child(&mut body, "createVnicDetails"), "subnetId", subnet(place).unwrap_or_default());
    body.remove("preferredMaintenanceAction");
    body.remove("launchMode");
    body
}

/// Whether an instance could be launched at each of a pool's placements.
pub fn check_launches(cloud: &Cloud, pool: &Body) -> Result<(), Refusal> {
    for place in objects(pool, "placementConfigurations") {
        let body = launch(cloud, pool, place, 0);
        crate::fields::check(crate::compute::models::LAUNCH, &body)?;
        instance::check_launch(cloud, &body)?;
    }
    Ok(())
}

/// Makes and unmakes instances until there are as many as the pool wants. Those
/// that are there stay as they were made, whatever its configuration is now.
pub fn settle(cloud: &mut Cloud, id: &str) {
    resize(cloud, id);
    crate::balancer::register(cloud, id);
}

fn resize(cloud: &mut Cloud, id: &str) {
    let Some(pool) = cloud.find(Kind::InstancePool, id).map(|pool| pool.body.clone()) else { return };
    let size = usize::try_from(int(&pool, "size").unwrap_or_default()).unwrap_or_default();
    terminate(cloud, id, size);
    let places: Vec<Body> = objects(&pool, "placementConfigurations").into_iter().cloned().collect();
    while cloud.owned(Kind::Instance, id).count() < size {
        // Where the fewest are.
        let count = |place: &&Body| {
            let domain = place.get("availabilityDomain");
            cloud.owned(Kind::Instance, id).filter(|found| found.body.get("availabilityDomain") == domain).count()
        };
        let Some(place) = places.iter().min_by_key(count) else { return };
        let number = cloud.owned(Kind::Instance, id).count();
        let body = launch(cloud, &pool, place, number);
        let Ok(details) = instance::check_launch(cloud, &body) else { return };
        let made = instance::add(cloud, body, details);
        if let Ok(instance) = cloud.get(Kind::Instance, &made) {
            instance.owner = Some(id.to_owned());
            set(&mut instance.body, "lifecycleState", "RUNNING");
        }
    }
}

/// Takes the youngest away until `left` are left.
pub fn terminate(cloud: &mut Cloud, id: &str, left: usize) {
    let all: Vec<String> = cloud.owned(Kind::Instance, id).map(|instance| instance.id.clone()).collect();
    for instance in all.iter().skip(left).rev() {
        instance::bury(cloud, instance, false);
    }
}

pub fn list(cloud: &Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let configuration = cloud.find(Kind::InstancePool, id).and_then(|pool| pool.body.get("instanceConfigurationId"));
    let document = |instance: &Resource| {
        let member = |name: &str| instance.body.get(name).cloned();
        let json = json!({
            "id": instance.id,
            "availabilityDomain": member("availabilityDomain"),
            "compartmentId": member("compartmentId"),
            "displayName": member("displayName"),
            "faultDomain": member("faultDomain"),
            "instanceConfigurationId": configuration,
            "region": member("region"),
            "shape": member("shape"),
            "state": "Running",
            "timeCreated": member("timeCreated"),
        });
        json.as_object().cloned().unwrap_or_default()
    };
    let all = cloud.owned(Kind::Instance, id).map(document).collect();
    crate::paging::page(request, all, &["compartmentId", "displayName"], &["compartmentId"])
}
