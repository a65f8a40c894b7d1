//! The autoscaling API: by thresholds or by schedule.

use serde_json::{Value, json};

use crate::body::{default, flag, int, object, objects, set, text};
use crate::cloud::{Cloud, Kind};
use crate::common::check_common;
use crate::compute::{change, get, list};
use crate::engine::work::child;
use crate::fields::{check, check_change};
use crate::refusals::*;
use crate::wire::{Answer, Body, Request};

use super::{fill, models, pools};

const COOLDOWN: i64 = 300;
const SCHEDULED_POLICIES: usize = 50;

/// Answers what stands after `/20181001/`; `None` where that is no path of ours.
pub fn answer(cloud: &mut Cloud, request: &Request, path: &[&str]) -> Option<Result<Answer, Refusal>> {
    Some(match (request.method.as_str(), path) {
        ("POST", ["autoScalingConfigurations"]) => create(cloud, request),
        ("GET", ["autoScalingConfigurations"]) => list(cloud, request, Kind::AutoScaling, &[]),
        ("GET", ["autoScalingConfigurations", id]) => get(cloud, request, Kind::AutoScaling, id),
        ("PUT", ["autoScalingConfigurations", id]) => update(cloud, request, id),
        ("DELETE", ["autoScalingConfigurations", id]) => delete(cloud, id),
        _ => return None,
    })
}

/// The pool that a configuration scales.
pub fn pool(configuration: &Body) -> Option<&str> {
    object(configuration, "resource").and_then(|resource| text(resource, "id"))
}

fn create(cloud: &mut Cloud, request: &Request) -> Result<Answer, Refusal> {
    let mut body = request.body()?;
    check(models::AUTOSCALING, &body)?;
    check_common(&body)?;
    let id = pool(&body).unwrap_or_default().to_owned();
    cloud.related(Kind::InstancePool, "resource.id", &id)?;
    if let Some(other) = cloud.all(Kind::AutoScaling).find(|other| pool(&other.body) == Some(id.as_str())) {
        return Err(AUTOSCALING_EXISTS.with(&[&id, &other.id]));
    }
    default(&mut body, "coolDownInSeconds", COOLDOWN);
    default(&mut body, "isEnabled", true);
    check_cooldown(&body)?;
    check_policies(&body)?;
    complete(cloud, &mut body);
    fill(cloud, Kind::AutoScaling, &mut body);
    let initial = threshold(&body).and_then(|policy| object(policy, "capacity")).and_then(|c| int(c, "initial"));
    let enabled = flag(&body, "isEnabled") == Some(true);
    let made = cloud.add(Kind::AutoScaling, body, "ACTIVE", None);
    if let Some(initial) = initial.filter(|_| enabled) {
        pools::resize(cloud, &id, initial)?;
    }
    let made = cloud.get(Kind::AutoScaling, &made)?;
    Ok(Answer::json(made.body.clone()).header("etag", made.etag.to_string()))
}

fn threshold(configuration: &Body) -> Option<&Body> {
    objects(configuration, "policies").into_iter().find(|policy| text(policy, "policyType") == Some("threshold"))
}

fn check_cooldown(body: &Body) -> Result<(), Refusal> {
    match int(body, "coolDownInSeconds").filter(|seconds| *seconds < COOLDOWN) {
        Some(seconds) => Err(BAD_COOLDOWN.with(&[&seconds.to_string()])),
        None => Ok(()),
    }
}

fn check_policies(body: &Body) -> Result<(), Refusal> {
    let policies = objects(body, "policies");
    let thresholds = policies.iter().filter(|policy| text(policy, "policyType") == Some("threshold")).count();
    if policies.is_empty() {
        return Err(NO_POLICY.with(&[]));
    }
    if policies.len() > SCHEDULED_POLICIES || thresholds > 0 && policies.len() > 1 {
        return Err(MIXED_POLICIES.with(&[]));
    }
    policies
        .into_iter()
        .try_for_each(|policy| if thresholds > 0 { check_threshold(policy) } else { check_scheduled(policy) })
}

fn check_threshold(policy: &Body) -> Result<(), Refusal> {
    let capacity = object(policy, "capacity").ok_or_else(|| MISSING_PARAMETER.with(&["capacity"]))?;
    let member = |name| int(capacity, name).ok_or_else(|| MISSING_PARAMETER.with(&[name]));
    check_capacity(member("min")?, member("initial")?, member("max")?)?;
    let mut directions = Vec::new();
    for rule in objects(policy, "rules") {
        let by = object(rule, "action").and_then(|action| int(action, "value")).unwrap_or_default();
        let limit = object(rule, "metric").and_then(|metric| object(metric, "threshold")).cloned().unwrap_or_default();
        let value = int(&limit, "value").unwrap_or_default();
        if !(0..=100).contains(&value) {
            return Err(BAD_THRESHOLD.with(&[&value.to_string()]));
        }
        let out = text(&limit, "operator").is_some_and(|operator| operator.starts_with("GT"));
        if out != (by > 0) || by == 0 {
            return Err(BAD_RULES.with(&[]));
        }
        directions.push(out);
    }
    directions.sort_unstable();
    if directions == [false, true] { Ok(()) } else { Err(BAD_RULES.with(&[])) }
}

fn check_capacity(min: i64, initial: i64, max: i64) -> Result<(), Refusal> {
    if 0 <= min && min <= initial && initial <= max {
        return Ok(());
    }
    Err(BAD_CAPACITY.with(&[&min.to_string(), &initial.to_string(), &max.to_string()]))
}

/// Oracle, Using Schedule-Based Autoscaling: seconds are 0, and of day of month
/// and day of week one is `?`.
fn check_scheduled(policy: &Body) -> Result<(), Refusal> {
    let schedule = object(policy, "executionSchedule").ok_or_else(|| MISSING_PARAMETER.with(&["executionSchedule"]))?;
    let expression = text(schedule, "expression").unwrap_or_default();
    let fields: Vec<&str> = expression.split_whitespace().collect();
    let one_open = || (fields[3] == "?") != (fields[5] == "?");
    if !(6..=7).contains(&fields.len()) || fields[0] != "0" || !one_open() {
        return Err(BAD_CRON.with(&[expression]));
    }
    let capacity = object(policy, "capacity");
    if capacity.is_some() == object(policy, "resourceAction").is_some() {
        return Err(NEEDS_RESOURCE_ACTION.with(&[]));
    }
    let Some(capacity) = capacity else { return Ok(()) };
    let size = int(capacity, "initial").ok_or_else(|| MISSING_PARAMETER.with(&["initial"]))?;
    check_capacity(int(capacity, "min").unwrap_or(size), size, int(capacity, "max").unwrap_or(size))
}

/// OCIDs and names of policies and rules.
fn complete(cloud: &mut Cloud, body: &mut Body) {
    let policies = body.get_mut("policies").and_then(Value::as_array_mut);
    for policy in policies.into_iter().flatten().filter_map(Value::as_object_mut) {
        let (id, number, time) = (cloud.ocid("autoscalingpolicy"), cloud.next(), cloud.time());
        set(policy, "id", id);
        set(policy, "timeCreated", time);
        default(policy, "displayName", format!("policy{number}"));
        default(policy, "isEnabled", true);
        if let Some(capacity) = policy.get_mut("capacity").and_then(Value::as_object_mut) {
            let size = capacity.get("initial").cloned().unwrap_or_default();
            default(capacity, "min", size.clone());
            default(capacity, "max", size);
        }
        let rules = policy.get_mut("rules").and_then(Value::as_array_mut);
        for rule in rules.into_iter().flatten().filter_map(Value::as_object_mut) {
            let (id, number) = (cloud.ocid("autoscalingrule"), cloud.next());
            set(rule, "id", id);
            default(rule, "displayName", format!("rule{number}"));
            default(child(rule, "metric"), "pendingDuration", "PT3M");
        }
    }
    let bound = |name| threshold(body).and_then(|policy| object(policy, "capacity")).and_then(|c| int(c, name));
    let (most, least) = (bound("max"), bound("min"));
    set(body, "maxResourceCount", json!(most));
    set(body, "minResourceCount", json!(least));
}

fn update(cloud: &mut Cloud, request: &Request, id: &str) -> Result<Answer, Refusal> {
    let mut body = cloud.get(Kind::AutoScaling, id)?.body.clone();
    let wanted = request.body()?;
    check_change(models::AUTOSCALING_UPDATE, models::AUTOSCALING, &wanted)?;
    check_common(&wanted)?;
    check_cooldown(&wanted)?;
    body.extend(wanted);
    change(cloud, Kind::AutoScaling, id, body)
}

fn delete(cloud: &mut Cloud, id: &str) -> Result<Answer, Refusal> {
    cloud.get(Kind::AutoScaling, id)?;
    cloud.erase(Kind::AutoScaling, id);
    Ok(Answer::empty(204))
}

/// What an autoscaler does: a size within its bounds, or one of its schedule's.
pub fn scale(cloud: &mut Cloud, id: &str, size: i64) -> Result<(), String> {
    let scaling = cloud.all(Kind::AutoScaling).find(|scaling| pool(&scaling.body) == Some(id));
    let scaling = scaling.map(|scaling| scaling.body.clone()).ok_or("no autoscaling configuration has this pool")?;
    if flag(&scaling, "isEnabled") != Some(true) {
        return Err("its autoscaling configuration is not enabled".to_owned());
    }
    let allows = |policy: &&Body| {
        let bound = |name| object(policy, "capacity").and_then(|capacity| int(capacity, name));
        bound("min").is_some_and(|least| least <= size) && bound("max").is_some_and(|most| size <= most)
    };
    if !objects(&scaling, "policies").iter().any(allows) {
        return Err(format!("no policy of its autoscaling configuration comes to {size}"));
    }
    pools::resize(cloud, id, size).map_err(|refusal| refusal.message)
}
