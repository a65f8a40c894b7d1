//! Instance pools: how many instances, where, from which configuration.

use serde_json::{Value, json};

use crate::balancer;
use crate::body::{default, int, object, objects, set, text, texts};
use crate::cloud::{Cloud, Kind, Resource};
use crate::common::check_common;
use crate::compute::change;
use crate::engine::placement::check_fault_domains;
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{fill, instances, models};

pub fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::POOL, &body)?;
    check_common(&body)?;
    complete(&mut body);
    check_pool(cloud, &body, 0)?;
    fill(cloud, Kind::InstancePool, &mut body);
    let wanted: Vec<Body> = objects(&body, "loadBalancers").into_iter().cloned().collect();
    set(&mut body, "loadBalancers", json!([]));
    for one in &wanted {
        balancer::attach(cloud, &body, "", one)?;
    }
    let id = cloud.add(Kind::InstancePool, body, "PROVISIONING", Some("RUNNING"));
    for one in &wanted {
        add_attachment(cloud, &id, one)?;
    }
    instances::settle(cloud, &id);
    let made = cloud.get(Kind::InstancePool, &id)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

fn add_attachment(cloud: &mut Cloud, id: &str, wanted: &Body) -> Result<(), Refusal> {
    let body = cloud.get(Kind::InstancePool, id)?.body.clone();
    let attachment = balancer::attach(cloud, &body, id, wanted)?;
    let pool = cloud.get(Kind::InstancePool, id)?;
    if let Some(list) = pool.body.get_mut("loadBalancers").and_then(Value::as_array_mut) {
        // In the place of what it was before it was detached.
        let same = |other: &Value, key: &str| other.get(key) == wanted.get(key);
        list.retain(|other| !(same(other, "loadBalancerId") && same(other, "backendSetName")));
        list.push(Value::Object(attachment));
    }
    Ok(())
}

pub fn attach(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let wanted = request.body()?;
    add_attachment(cloud, id, &wanted)?;
    resettle(cloud, id)
}

pub fn detach(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let wanted = request.body()?;
    balancer::detach(&mut cloud.get(Kind::InstancePool, id)?.body, &wanted)?;
    resettle(cloud, id)
}

/// Both ways to name the subnet of a placement.
fn complete(pool: &mut Body) {
    let places = pool.get_mut("placementConfigurations").and_then(Value::as_array_mut);
    for place in places.into_iter().flatten().filter_map(Value::as_object_mut) {
        default(place, "faultDomains", json!([]));
        default(place, "secondaryVnicSubnets", json!([]));
    }
}

/// The subnet of a placement; none where two are named or none.
pub fn subnet(place: &Body) -> Option<&str> {
    let vnic = object(place, "primaryVnicSubnets").and_then(|vnic| text(vnic, "subnetId"));
    match (text(place, "primarySubnetId"), vnic) {
        // A change says again what OCI filled in.
        (Some(one), Some(other)) if one != other => None,
        (one, other) => one.or(other),
    }
}

/// What must hold of a pool that has some instances already.
fn check_pool(cloud: &Cloud, pool: &Body, already: usize) -> Result<(), Refusal> {
    let configuration = text(pool, "instanceConfigurationId").unwrap_or_default();
    cloud.related(Kind::InstanceConfiguration, "instanceConfigurationId", configuration)?;
    let size = int(pool, "size").unwrap_or_default();
    if size < 0 {
        return Err(INSTANCE_POOL_SIZE.with(&[&size.to_string()]));
    }
    let places = objects(pool, "placementConfigurations");
    if places.is_empty() {
        return Err(NO_PLACEMENT.with(&[]));
    }
    for (index, place) in places.iter().enumerate() {
        let domain = text(place, "availabilityDomain").unwrap_or_default();
        crate::compute::check_domain(cloud, place)?;
        check_fault_domains(place, "faultDomains")?;
        if places[..index].iter().any(|other| text(other, "availabilityDomain") == Some(domain)) {
            return Err(DUPLICATE_PLACEMENT.with(&[domain]));
        }
        let subnet = subnet(place).ok_or_else(|| ONE_PRIMARY_SUBNET.with(&[]))?;
        let found = cloud.related(Kind::Subnet, "placementConfigurations", subnet)?;
        if let Some(of) = text(&found.body, "availabilityDomain").filter(|of| *of != domain) {
            return Err(SUBNET_OF_OTHER_AD.with(&[subnet, of, domain]));
        }
    }
    if usize::try_from(size).is_ok_and(|size| size > already) {
        instances::check_launches(cloud, pool)?;
    }
    Ok(())
}

pub fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let mut body = cloud.get(Kind::InstancePool, id)?.body.clone();
    let wanted = request.body()?;
    check_change(models::POOL_UPDATE, models::POOL, &wanted)?;
    check_common(&wanted)?;
    body.extend(wanted);
    complete(&mut body);
    let already = cloud.owned(Kind::Instance, id).count();
    check_pool(cloud, &body, already)?;
    change(cloud, Kind::InstancePool, id, body)?;
    resettle(cloud, id)
}

/// Another size, as its autoscaler wants it.
pub fn resize(cloud: &mut Cloud, id: &str, size: i64) -> Result<(), Refusal> {
    let mut body = cloud.get(Kind::InstancePool, id)?.body.clone();
    set(&mut body, "size", size);
    check_pool(cloud, &body, cloud.owned(Kind::Instance, id).count())?;
    change(cloud, Kind::InstancePool, id, body)?;
    resettle(cloud, id).map(drop)
}

/// Makes and unmakes instances, while the pool is SCALING.
fn resettle(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    instances::settle(cloud, id);
    let reads = cloud.config.settling_reads;
    let pool = cloud.get(Kind::InstancePool, id)?;
    set(&mut pool.body, "lifecycleState", "SCALING");
    pool.settles = Some((reads, "RUNNING"));
    Ok(Answer::json(pool.body.clone()).header("etag", pool.etag.to_string()))
}

/// With its instances; Oracle's API reference says that its autoscaling goes too.
pub fn terminate(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::InstancePool, id)?;
    balancer::forget(cloud, id);
    instances::terminate(cloud, id, 0);
    let of = |scaling: &&Resource| super::autoscaling::pool(&scaling.body) == Some(id);
    let scaling: Vec<String> = cloud.all(Kind::AutoScaling).filter(of).map(|found| found.id.clone()).collect();
    for scaling in scaling {
        cloud.erase(Kind::AutoScaling, &scaling);
    }
    cloud.bury(Kind::InstancePool, id, "TERMINATED");
    Ok(Answer::empty(204))
}

/// The fault domains of a placement; all of them where none is named.
pub fn fault_domains(place: &Body) -> Vec<String> {
    let named = texts(place, "faultDomains");
    if named.is_empty() {
        return (1..=3).map(|number| format!("FAULT-DOMAIN-{number}")).collect();
    }
    named.into_iter().map(str::to_owned).collect()
}
