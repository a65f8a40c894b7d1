//! Route tables: every rule leads to a gateway of the VCN that can carry it.

use serde_json::Value;

use crate::body::{default, objects, text};
use crate::cloud::{Cloud, Kind, Resource};
use crate::common::cidr;
use crate::refusals::*;
use crate::wire::Body;

use super::{rule::check_description, service};

const RULES: usize = 200;

const TARGETS: [Kind; 3] = [Kind::InternetGateway, Kind::NatGateway, Kind::ServiceGateway];

pub fn check(cloud: &Cloud, body: &mut Body) -> Result<(), Refusal> {
    if let Some(Value::Array(rules)) = body.get_mut("routeRules") {
        for rule in rules.iter_mut().filter_map(Value::as_object_mut) {
            default(rule, "destinationType", "CIDR_BLOCK");
            default(rule, "routeType", "STATIC");
        }
    }
    let vcn = text(body, "vcnId").unwrap_or_default();
    let rules = objects(body, "routeRules");
    if rules.len() > RULES {
        return Err(TOO_MANY_ROUTE_RULES.with(&[&rules.len().to_string()]));
    }
    let (mut destinations, mut to_internet, mut all_services) = (Vec::new(), None, false);
    for rule in rules {
        check_description(rule)?;
        let destination = text(rule, "destination").unwrap_or_default();
        if destinations.contains(&destination) {
            return Err(DUPLICATE_DESTINATION.with(&[destination]));
        }
        destinations.push(destination);
        let target = check_target(cloud, rule, destination, vcn)?;
        match target.kind {
            Kind::InternetGateway => to_internet = Some(destination),
            Kind::ServiceGateway => {
                all_services |= service::all(cloud).iter().any(|s| s.everything && s.label == destination);
            }
            _ => {}
        }
    }
    // Oracle, Access to Oracle Services: the traffic of both would be the same.
    match to_internet {
        Some(destination) if all_services => Err(ROUTE_IGW_WITH_SERVICES.with(&[destination])),
        _ => Ok(()),
    }
}

/// The rule's target, where it can carry what goes to the destination.
fn check_target<'a>(cloud: &'a Cloud, rule: &Body, destination: &str, vcn: &str) -> Result<&'a Resource, Refusal> {
    let id = text(rule, "networkEntityId").unwrap_or_default();
    let target = TARGETS
        .iter()
        .find_map(|kind| cloud.find(*kind, id))
        .ok_or_else(|| RELATED_NOT_FOUND.with(&["networkEntityId", id]))?;
    if target.vcn() != vcn {
        return Err(OTHER_VCN.with(&[id, vcn]));
    }
    let destination_type = text(rule, "destinationType").unwrap_or_default();
    let to_services = destination_type == "SERVICE_CIDR_BLOCK";
    if to_services {
        if !service::labels(cloud).iter().any(|label| label == destination) {
            return Err(UNKNOWN_SERVICE_LABEL.with(&["destination", destination]));
        }
    } else {
        cidr("destination", destination)?;
    }
    if to_services != (target.kind == Kind::ServiceGateway) {
        return Err(ROUTE_TARGET_KIND.with(&[destination_type, id]));
    }
    let enabled = |service: &service::Service| {
        service.label == destination
            && objects(&target.body, "services").iter().any(|entry| text(entry, "serviceId") == Some(&service.id))
    };
    if to_services && !service::all(cloud).iter().any(enabled) {
        return Err(ROUTE_SERVICE_NOT_ENABLED.with(&[destination, id]));
    }
    Ok(target)
}
