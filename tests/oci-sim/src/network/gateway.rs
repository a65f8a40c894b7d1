//! Internet, NAT and service gateways: one of each in a VCN.

use serde_json::json;

use crate::body::{default, objects, set, text};
use crate::cloud::{Cloud, Kind};
use crate::refusals::*;
use crate::wire::Body;

use super::service;

pub fn fill_nat(cloud: &mut Cloud, body: &mut Body) {
    default(body, "blockTraffic", false);
    let number = cloud.next() % 250 + 1;
    let address = cloud.ocid("publicip");
    set(body, "publicIpId", address);
    set(body, "natIp", format!("192.0.2.{number}"));
}

pub fn check_only_one(cloud: &Cloud, kind: Kind, body: &Body, id: Option<&str>) -> Result<(), Refusal> {
    let vcn = text(body, "vcnId").unwrap_or_default();
    match cloud.in_vcn(kind, vcn).find(|other| Some(other.id.as_str()) != id) {
        Some(other) => Err(GATEWAY_EXISTS.with(&[vcn, &other.id])),
        None => Ok(()),
    }
}

/// A service gateway's services: known, at most one label (the label of all
/// services contains the others), and none taken away that a route needs.
pub fn check_services(cloud: &Cloud, body: &mut Body, id: Option<&str>) -> Result<(), Refusal> {
    let mut services = Vec::new();
    for entry in objects(body, "services") {
        let wanted = text(entry, "serviceId").unwrap_or_default();
        let known = service::all(cloud).into_iter().find(|service| service.id == wanted);
        services.push(known.ok_or_else(|| UNKNOWN_SERVICE.with(&[wanted]))?);
    }
    if services.len() > 1 {
        return Err(SERVICES_OVERLAP.with(&[&services.len().to_string()]));
    }
    if let Some(id) = id {
        for (table, destination) in routes_to(cloud, id) {
            if !services.iter().any(|service| service.label == destination) {
                return Err(SERVICE_IN_USE.with(&[&destination, &table]));
            }
        }
    }
    let named: Vec<_> = services.iter().map(|s| json!({ "serviceId": s.id, "serviceName": s.name })).collect();
    set(body, "services", json!(named));
    Ok(())
}

/// Oracle's API reference says of all three: no route rule may have it as its target.
pub fn check_delete(cloud: &Cloud, id: &str) -> Result<(), Refusal> {
    match routes_to(cloud, id).first() {
        Some((table, _)) => Err(GATEWAY_IN_USE.with(&[id, table])),
        None => Ok(()),
    }
}

/// Route table and destination of each rule with this target.
fn routes_to(cloud: &Cloud, id: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for table in cloud.all(Kind::RouteTable) {
        for rule in objects(&table.body, "routeRules") {
            if text(rule, "networkEntityId") == Some(id) {
                found.push((table.id.clone(), text(rule, "destination").unwrap_or_default().to_owned()));
            }
        }
    }
    found
}
