//! Instance pools behind a load balancer: their instances are backends as long
//! as they are there.

use serde_json::{Value, json};

use crate::body::{int, object, objects, set, text};
use crate::cloud::{Cloud, Kind};
use crate::fields::check;
use crate::refusals::*;
use crate::wire::Body;

use super::models;

/// The load balancer of either kind that has an OCID.
fn kind_of(cloud: &Cloud, id: &str) -> Option<Kind> {
    [Kind::LoadBalancer, Kind::NetworkLoadBalancer].into_iter().find(|kind| cloud.find(*kind, id).is_some())
}

/// Checks what a pool is to be attached to, and gives the attachment.
pub fn attach(cloud: &mut Cloud, pool: &Body, pool_id: &str, wanted: &Body) -> Result<Body, Refusal> {
    check(models::ATTACH, wanted)?;
    let (id, name) =
        (text(wanted, "loadBalancerId").unwrap_or_default(), text(wanted, "backendSetName").unwrap_or_default());
    let kind = kind_of(cloud, id).ok_or_else(|| RELATED_NOT_FOUND.with(&["loadBalancerId", id]))?;
    let balancer = &cloud.related(kind, "loadBalancerId", id)?.body;
    if !object(balancer, "backendSets").is_some_and(|sets| sets.contains_key(name)) {
        return Err(UNKNOWN_BALANCER_PART.with(&["backend set", name]));
    }
    let port = int(wanted, "port").unwrap_or_default();
    if !(1..=65_535).contains(&port) {
        return Err(BAD_PORT.with(&[&port.to_string()]));
    }
    let same = |other: &&Body| text(other, "loadBalancerId") == Some(id) && text(other, "backendSetName") == Some(name);
    let attached = |other: &&Body| text(other, "lifecycleState") != Some("DETACHED");
    if objects(pool, "loadBalancers").into_iter().filter(attached).any(|other| same(&other)) {
        return Err(POOL_ATTACHED.with(&[pool_id, name]));
    }
    let mut attachment = wanted.clone();
    let own = cloud.ocid("instancepoolloadbalancerattachment");
    attachment.extend([
        ("id".to_owned(), json!(own)),
        ("instancePoolId".to_owned(), json!(pool_id)),
        ("lifecycleState".to_owned(), json!("ATTACHED")),
    ]);
    Ok(attachment)
}

/// Detaches a pool; that it was attached stays in its document, as OCI has it.
pub fn detach(pool: &mut Body, wanted: &Body) -> Result<(), Refusal> {
    check(models::DETACH, wanted)?;
    let is_wanted = |other: &&mut Body| {
        let same = |key: &str| other.get(key) == wanted.get(key);
        same("loadBalancerId") && same("backendSetName") && text(other, "lifecycleState") != Some("DETACHED")
    };
    let attached = pool.get_mut("loadBalancers").and_then(Value::as_array_mut);
    let found = attached.into_iter().flatten().filter_map(Value::as_object_mut).find(is_wanted);
    let found = found.ok_or_else(|| NOT_FOUND.with(&[text(wanted, "backendSetName").unwrap_or_default()]))?;
    set(found, "lifecycleState", "DETACHED");
    Ok(())
}

/// Makes a pool's instances backends where it is attached, and none else of it.
pub fn register(cloud: &mut Cloud, pool: &str) {
    forget(cloud, pool);
    let Some(body) = cloud.find(Kind::InstancePool, pool).map(|pool| pool.body.clone()) else { return };
    let instances: Vec<String> = cloud.owned(Kind::Instance, pool).map(|instance| instance.id.clone()).collect();
    let attached = |attachment: &&Body| text(attachment, "lifecycleState") != Some("DETACHED");
    for attachment in objects(&body, "loadBalancers").into_iter().filter(attached) {
        let id = text(attachment, "loadBalancerId").unwrap_or_default();
        let Some(kind) = kind_of(cloud, id) else { continue };
        let port = int(attachment, "port").unwrap_or_default();
        let backends: Vec<Value> = instances.iter().map(|instance| backend(cloud, kind, instance, port)).collect();
        let name = text(attachment, "backendSetName").unwrap_or_default();
        for backend in &backends {
            let backend_name = backend["name"].as_str().unwrap_or_default().to_owned();
            cloud.registered.push([pool, id, name, &backend_name].map(str::to_owned));
        }
        if let Some(list) = backends_of(cloud, id, name) {
            list.extend(backends);
        }
    }
}

fn backend(cloud: &Cloud, kind: Kind, instance: &str, port: i64) -> Value {
    let vnic = cloud.owned(Kind::Vnic, instance).next();
    let address = vnic.and_then(|vnic| text(&vnic.body, "privateIp")).unwrap_or_default();
    if kind == Kind::LoadBalancer {
        return json!({ "name": format!("{address}:{port}"), "ipAddress": address, "port": port, "weight": 1,
            "backup": false, "drain": false, "offline": false });
    }
    json!({ "name": format!("{instance}.{port}"), "targetId": instance, "ipAddress": address, "port": port, "weight": 1,
        "isBackup": false, "isDrain": false, "isOffline": false })
}

fn backends_of<'a>(cloud: &'a mut Cloud, balancer: &str, set: &str) -> Option<&'a mut Vec<Value>> {
    let kind = kind_of(cloud, balancer)?;
    let body = &mut cloud.get(kind, balancer).ok()?.body;
    body.get_mut("backendSets")?.get_mut(set)?.get_mut("backends")?.as_array_mut()
}

/// Takes a pool's instances out of every backend set.
pub fn forget(cloud: &mut Cloud, pool: &str) {
    let (own, others) = std::mem::take(&mut cloud.registered).into_iter().partition(|[of, ..]| of == pool);
    cloud.registered = others;
    let own: Vec<[String; 4]> = own;
    for [_, balancer, set, name] in own {
        if let Some(list) = backends_of(cloud, &balancer, &set) {
            list.retain(|backend| backend["name"] != json!(name));
        }
    }
}
