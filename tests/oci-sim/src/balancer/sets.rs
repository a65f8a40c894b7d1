//! Backend sets: who serves, and whether they are well.

use serde_json::{Value, json};

use crate::body::{default, int, object, set, text};
use crate::engine::work::child;
use crate::fields::check;
use crate::refusals::*;
use crate::wire::Body;

use super::{listeners, models};

pub fn complete(balancer: &Body, body: &mut Body) -> Result<(), Refusal> {
    check(models::BACKEND_SET, body)?;
    complete_health(body, 10_000)?;
    default(child(body, "healthChecker"), "isForcePlainText", false);
    if object(body, "sslConfiguration").is_some() {
        listeners::complete_ssl(balancer, body)?;
    }
    complete_backends(body, &["backup", "drain", "offline"])
}

pub fn complete_network(body: &mut Body) -> Result<(), Refusal> {
    check(models::NETWORK_BACKEND_SET, body)?;
    for member in ["policy", "healthChecker"] {
        if !body.contains_key(member) {
            return Err(MISSING_PARAMETER.with(&[member]));
        }
    }
    complete_health(body, 10_000)?;
    default(body, "ipVersion", "IPV4");
    default(body, "isPreserveSource", true);
    for member in ["areOperationallyActiveBackendsPreferred", "isFailOpen", "isInstantFailoverEnabled"] {
        default(body, member, false);
    }
    default(body, "isInstantFailoverTcpResetEnabled", true);
    complete_backends(body, &["isBackup", "isDrain", "isOffline"])
}

fn complete_health(body: &mut Body, interval: i64) -> Result<(), Refusal> {
    let health = child(body, "healthChecker");
    let protocol = text(health, "protocol").unwrap_or_default().to_owned();
    let is_web = protocol.starts_with("HTTP");
    if is_web && text(health, "urlPath").is_none_or(|path| !path.starts_with('/')) {
        return Err(BAD_HEALTH_CHECK.with(&["urlPath of HTTP starts with a slash"]));
    }
    default(health, "port", 0);
    default(health, "retries", 3);
    default(health, "intervalInMillis", interval);
    default(health, "timeoutInMillis", 3_000);
    if is_web {
        default(health, "returnCode", 200);
    }
    let bounds = [
        ("port", 0, 65_535, "port is from 0, which is the backend's, to 65535"),
        ("retries", 1, i64::MAX, "retries is at least 1"),
        ("intervalInMillis", 1_000, 1_800_000, "intervalInMillis is from 1000 to 1800000"),
        ("timeoutInMillis", 1, 600_000, "timeoutInMillis is from 1 to 600000"),
    ];
    for (member, least, most, words) in bounds {
        if int(health, member).is_some_and(|value| !(least..=most).contains(&value)) {
            return Err(BAD_HEALTH_CHECK.with(&[words]));
        }
    }
    Ok(())
}

/// A backend is named for its address and port.
fn complete_backends(body: &mut Body, flags: &[&str]) -> Result<(), Refusal> {
    default(body, "backends", json!([]));
    let backends = body.get_mut("backends").and_then(Value::as_array_mut);
    for backend in backends.into_iter().flatten().filter_map(Value::as_object_mut) {
        let port = int(backend, "port").unwrap_or_default();
        let address = text(backend, "ipAddress").or(text(backend, "targetId")).unwrap_or_default().to_owned();
        if !(0..=65_535).contains(&port) {
            return Err(BAD_PORT.with(&[&port.to_string()]));
        }
        set(backend, "name", format!("{address}:{port}"));
        default(backend, "weight", 1);
        for member in flags {
            default(backend, member, false);
        }
    }
    Ok(())
}
