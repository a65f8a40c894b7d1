//! A network security group's rules and VNICs.

use serde_json::{Value, json};

use crate::body::{objects, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::fields;
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{models, rule, vnic};

const RULES: usize = 120;
const RULES_A_CALL: usize = 25;

/// Answers what stands after an NSG's id.
pub fn answer(cloud: &mut Cloud, request: &Request, id: &str, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (request.method.as_str(), path) {
        ("GET", ["securityRules"]) => cloud
            .get(Kind::Nsg, id)
            .map(|nsg| nsg.rules.clone())
            .and_then(|rules| crate::paging::page(request, rules, &["direction"], &[])),
        ("GET", ["vnics"]) => cloud
            .get(Kind::Nsg, id)
            .map(drop)
            .and_then(|()| crate::paging::page(request, vnic::of_nsg(cloud, id), &[], &[])),
        ("POST", ["actions", "addSecurityRules"]) => add(cloud, request, id),
        ("POST", ["actions", "updateSecurityRules"]) => update(cloud, request, id),
        ("POST", ["actions", "removeSecurityRules"]) => remove(cloud, request, id),
        _ => return None,
    })
}

fn add(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::Nsg, id)?;
    let body = request.body()?;
    fields::check(models::ADD_RULES, &body)?;
    let mut all = cloud.get(Kind::Nsg, id)?.rules.clone();
    let before = all.len();
    for given in a_call(objects(&body, "securityRules"))? {
        let mut new = checked(cloud, given, id)?;
        let number = cloud.next();
        set(&mut new, "id", format!("{number:06X}"));
        set(&mut new, "isValid", true);
        let time = cloud.time();
        set(&mut new, "timeCreated", time);
        all.push(new);
    }
    if all.len() > RULES {
        return Err(TOO_MANY_NSG_RULES.with(&[&all.len().to_string()]));
    }
    check_distinct(&all, id)?;
    let made: Vec<Body> = all[before..].to_vec();
    cloud.get(Kind::Nsg, id)?.rules = all;
    Ok(Answer::json(json!({ "securityRules": made })))
}

fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::Nsg, id)?;
    let body = request.body()?;
    fields::check(models::UPDATE_RULES, &body)?;
    let mut all = cloud.get(Kind::Nsg, id)?.rules.clone();
    let mut changed = Vec::new();
    for given in a_call(objects(&body, "securityRules"))? {
        let mut new = checked(cloud, given, id)?;
        let wanted = text(given, "id").unwrap_or_default();
        let old = all
            .iter_mut()
            .find(|old| text(old, "id") == Some(wanted))
            .ok_or_else(|| UNKNOWN_RULE.with(&[id, wanted]))?;
        set(&mut new, "isValid", true);
        set(&mut new, "timeCreated", old["timeCreated"].clone());
        old.clone_from(&new);
        changed.push(new);
    }
    check_distinct(&all, id)?;
    cloud.get(Kind::Nsg, id)?.rules = all;
    Ok(Answer::json(json!({ "securityRules": changed })))
}

fn remove(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let nsg = cloud.get(Kind::Nsg, id)?;
    let body = request.body()?;
    fields::check(models::REMOVE_RULES, &body)?;
    let ids = a_call(texts(&body, "securityRuleIds"))?;
    let known = |wanted: &str| nsg.rules.iter().any(|rule| text(rule, "id") == Some(wanted));
    if let Some(unknown) = ids.iter().find(|wanted| !known(wanted)) {
        return Err(UNKNOWN_RULE.with(&[id, unknown]));
    }
    nsg.rules.retain(|rule| !ids.iter().any(|gone| text(rule, "id") == Some(gone)));
    Ok(Answer::empty(204))
}

fn a_call<T>(rules: Vec<T>) -> Result<Vec<T>, Refusal> {
    if rules.len() > RULES_A_CALL {
        return Err(TOO_MANY_RULES_A_CALL.with(&[&rules.len().to_string()]));
    }
    Ok(rules)
}

/// The rule, completed and found right.
fn checked(cloud: &Cloud, given: &Body, nsg: &str) -> Result<Body, Refusal> {
    let direction = text(given, "direction").unwrap_or_default();
    if !["INGRESS", "EGRESS"].contains(&direction) {
        return Err(BAD_DIRECTION.with(&[direction]));
    }
    let mut rule = given.clone();
    rule::complete(&mut rule, direction);
    let vcn = cloud.find(Kind::Nsg, nsg).map(|nsg| nsg.vcn()).unwrap_or_default();
    rule::check(cloud, &rule, direction, vcn)?;
    Ok(rule)
}

/// Two rules that admit the same traffic are one too many. Whether OCI tells
/// them apart by their description its documentation does not say: here not.
fn check_distinct(rules: &[Body], nsg: &str) -> Result<(), Refusal> {
    let content = |rule: &Body| -> Body {
        let own = ["id", "description", "isValid", "timeCreated"];
        rule.iter().filter(|(key, _)| !own.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    for (index, rule) in rules.iter().enumerate() {
        if rules[..index].iter().any(|other| content(other) == content(rule)) {
            return Err(DUPLICATE_NSG_RULE.with(&[nsg, &Value::Object(content(rule)).to_string()]));
        }
    }
    Ok(())
}

/// Rules of other NSGs that name a deleted one stay, and are no longer valid:
/// so Oracle's API reference says of `isValid`.
pub fn invalidate_references(cloud: &mut Cloud, gone: &str) {
    for rule in cloud.resources.iter_mut().flat_map(|resource| &mut resource.rules) {
        if ["source", "destination"].into_iter().any(|peer| text(rule, peer) == Some(gone)) {
            set(rule, "isValid", false);
        }
    }
}
