//! Listeners: what a load balancer takes in, and how.

use crate::body::{default, int, object, text, texts};
use crate::common::is_ocid;
use crate::engine::work::child;
use crate::fields::check;
use crate::refusals::*;
use crate::wire::Body;
use serde_json::json;

use super::models;

pub fn complete(balancer: &Body, body: &mut Body, name: Option<&str>) -> Result<(), Refusal> {
    check(models::LISTENER, body)?;
    check_common(balancer, body, name, 1)?;
    let protocol = text(body, "protocol").unwrap_or_default().to_owned();
    let is_web = protocol != "TCP";
    default(body, "hostnameNames", json!([]));
    default(body, "ruleSetNames", json!([]));
    for rules in texts(body, "ruleSetNames") {
        if !object(balancer, "ruleSets").is_some_and(|sets| sets.contains_key(rules)) {
            return Err(UNKNOWN_BALANCER_PART.with(&["rule set", rules]));
        }
        if !is_web {
            return Err(RULES_NEED_HTTP.with(&[&protocol]));
        }
    }
    let timeout = child(body, "connectionConfiguration");
    default(timeout, "idleTimeout", if is_web { 60 } else { 300 });
    match int(timeout, "idleTimeout") {
        Some(seconds) if !(1..=7200).contains(&seconds) => return Err(IDLE_TIMEOUT.with(&[&seconds.to_string()])),
        _ => {}
    }
    if object(body, "sslConfiguration").is_some() {
        return complete_ssl(balancer, body);
    }
    if ["HTTP2", "GRPC"].contains(&protocol.as_str()) { Err(LISTENER_NEEDS_SSL.with(&[&protocol])) } else { Ok(()) }
}

pub fn complete_network(balancer: &Body, body: &mut Body, name: Option<&str>) -> Result<(), Refusal> {
    check(models::NETWORK_LISTENER, body)?;
    for member in ["defaultBackendSetName", "port", "protocol"] {
        if !body.contains_key(member) {
            return Err(MISSING_PARAMETER.with(&[member]));
        }
    }
    // Port 0 is every port.
    check_common(balancer, body, name, 0)?;
    default(body, "ipVersion", "IPV4");
    default(body, "isPpv2Enabled", false);
    default(body, "tcpIdleTimeout", 360);
    default(body, "udpIdleTimeout", 120);
    default(body, "l3IpIdleTimeout", 200);
    Ok(())
}

fn check_common(balancer: &Body, body: &Body, name: Option<&str>, least: i64) -> Result<(), Refusal> {
    let backends = text(body, "defaultBackendSetName").unwrap_or_default();
    if !object(balancer, "backendSets").is_some_and(|sets| sets.contains_key(backends)) {
        return Err(UNKNOWN_BALANCER_PART.with(&["backend set", backends]));
    }
    let port = int(body, "port").unwrap_or_default();
    if !(least..=65_535).contains(&port) {
        return Err(BAD_PORT.with(&[&port.to_string()]));
    }
    // Host names could tell two apart, and there are none here.
    let mut others = object(balancer, "listeners").into_iter().flatten();
    let same = |other: &serde_json::Value| {
        let protocols = [other["protocol"].as_str().unwrap_or_default(), text(body, "protocol").unwrap_or_default()];
        other["port"] == json!(port) && (!protocols.contains(&"UDP") || protocols[0] == protocols[1])
    };
    match others.find(|(other, listener)| Some(other.as_str()) != name && same(listener)) {
        Some((other, _)) => Err(LISTENER_PORT_TAKEN.with(&[other, &port.to_string()])),
        None => Ok(()),
    }
}

/// One certificate: of the load balancer's own, or of the Certificates service.
pub fn complete_ssl(balancer: &Body, body: &mut Body) -> Result<(), Refusal> {
    let ssl = child(body, "sslConfiguration");
    let ids = texts(ssl, "certificateIds");
    let name = text(ssl, "certificateName").filter(|name| !name.is_empty());
    if let Some(id) = ids.iter().find(|id| !is_ocid(&["certificate"], id)) {
        return Err(BAD_CERTIFICATE_ID.with(&[id]));
    }
    if let Some(name) = name
        && !object(balancer, "certificates").is_some_and(|certificates| certificates.contains_key(name))
    {
        return Err(UNKNOWN_BALANCER_PART.with(&["certificate", name]));
    }
    if ids.len() + usize::from(name.is_some()) > 1 {
        return Err(ONE_CERTIFICATE.with(&[]));
    }
    default(ssl, "certificateIds", json!([]));
    default(ssl, "trustedCertificateAuthorityIds", json!([]));
    default(ssl, "protocols", json!(["TLSv1.2"]));
    default(ssl, "cipherSuiteName", "oci-default-ssl-cipher-suite-v1");
    default(ssl, "serverOrderPreference", "DISABLED");
    default(ssl, "hasSessionResumption", true);
    default(ssl, "verifyDepth", 1);
    default(ssl, "verifyPeerCertificate", false);
    Ok(())
}
