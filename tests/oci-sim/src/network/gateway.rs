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
/// services contains the others). One that a route names may be taken away:
/// Oracle's API reference says of detaching a service that rules may stay.
pub fn check_services(cloud: &Cloud, body: &mut Body) -> Result<(), Refusal> {
    let mut services = Vec::new();
    for entry in objects(body, "services") {
        let wanted = text(entry, "serviceId").unwrap_or_default();
        let known = service::all(cloud).into_iter().find(|service| service.id == wanted);
        services.push(known.ok_or_else(|| UNKNOWN_SERVICE.with(&[wanted]))?);
    }
    if services.len() > 1 {
        return Err(SERVICES_OVERLAP.with(&[&services.len().to_string()]));
    }
    let named: Vec<_> = services.iter().map(|s| json!({ "serviceId": s.id, "serviceName": s.name })).collect();
    set(body, "services", json!(named));
    Ok(())
}

/// Oracle's API reference says of all three: no route rule may have it as its target.
pub fn check_delete(cloud: &Cloud, id: &str) -> Result<(), Refusal> {
    let leads_here = |table: &&crate::cloud::Resource| {
        objects(&table.body, "routeRules").iter().any(|rule| text(rule, "networkEntityId") == Some(id))
    };
    match cloud.all(Kind::RouteTable).find(leads_here) {
        Some(table) => Err(GATEWAY_IN_USE.with(&[id, &table.id])),
        None => Ok(()),
    }
}
