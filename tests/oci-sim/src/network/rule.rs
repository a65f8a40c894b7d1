//! Security rules, of security lists and of NSGs: one rule by itself.

use serde_json::Value;

use crate::body::{default, int, object, objects, text};
use crate::cloud::{Cloud, Kind};
use crate::common::cidr;
use crate::refusals::*;
use crate::wire::Body;

use super::service;

const LIST_RULES: usize = 200;

/// The words that a rule uses in one direction: its peer's member and type,
/// and the member it can't have.
struct Words {
    peer: &'static str,
    peer_type: &'static str,
    other: [&'static str; 2],
}

fn words(direction: &str) -> Words {
    if direction == "INGRESS" {
        Words { peer: "source", peer_type: "sourceType", other: ["destination", "destinationType"] }
    } else {
        Words { peer: "destination", peer_type: "destinationType", other: ["source", "sourceType"] }
    }
}

/// A security list with all its rules.
pub fn check_list(cloud: &Cloud, body: &mut Body) -> Result<(), Refusal> {
    let vcn = text(body, "vcnId").unwrap_or_default().to_owned();
    for (member, direction, too_many) in [
        ("ingressSecurityRules", "INGRESS", TOO_MANY_INGRESS_RULES),
        ("egressSecurityRules", "EGRESS", TOO_MANY_EGRESS_RULES),
    ] {
        if let Some(Value::Array(rules)) = body.get_mut(member) {
            rules.iter_mut().filter_map(Value::as_object_mut).for_each(|rule| complete(rule, direction));
        }
        let rules = objects(body, member);
        if rules.len() > LIST_RULES {
            return Err(too_many.with(&[&rules.len().to_string()]));
        }
        for rule in rules {
            let peer_type = words(direction).peer_type;
            if text(rule, peer_type) == Some("NETWORK_SECURITY_GROUP") {
                return Err(PEER_NSG_IN_LIST.with(&[words(direction).peer]));
            }
            check(cloud, rule, direction, &vcn)?;
        }
    }
    Ok(())
}

/// What OCI sets where a rule does not.
pub fn complete(rule: &mut Body, direction: &str) {
    default(rule, "isStateless", false);
    default(rule, words(direction).peer_type, "CIDR_BLOCK");
}

/// One rule, completed.
pub fn check(cloud: &Cloud, rule: &Body, direction: &str, vcn: &str) -> Result<(), Refusal> {
    check_description(rule)?;
    check_peer(cloud, rule, direction, vcn)?;
    let protocol = text(rule, "protocol").unwrap_or_default();
    if protocol != "all" && (protocol.parse::<u8>().is_err() || protocol.starts_with(['+', '0']) && protocol != "0") {
        return Err(BAD_PROTOCOL.with(&[protocol]));
    }
    for (member, protocols, number) in
        [("tcpOptions", ["6", "6"], "6"), ("udpOptions", ["17", "17"], "17"), ("icmpOptions", ["1", "58"], "1 or 58")]
    {
        let Some(options) = object(rule, member) else { continue };
        if !protocols.contains(&protocol) {
            return Err(OPTIONS_OF_OTHER_PROTOCOL.with(&[member, number, protocol]));
        }
        if member == "icmpOptions" {
            check_icmp(options)?;
        }
        for range in ["destinationPortRange", "sourcePortRange"] {
            object(options, range).map_or(Ok(()), check_ports)?;
        }
    }
    Ok(())
}

pub fn check_description(rule: &Body) -> Result<(), Refusal> {
    match text(rule, "description") {
        Some(text) if !(1..=255).contains(&text.chars().count()) => Err(BAD_DESCRIPTION_LENGTH.with(&[])),
        _ => Ok(()),
    }
}

fn check_peer(cloud: &Cloud, rule: &Body, direction: &str, vcn: &str) -> Result<(), Refusal> {
    let words = words(direction);
    if let Some(other) = words.other.into_iter().find(|other| rule.contains_key(*other)) {
        return Err(RULE_WRONG_PEER.with(&[direction, other]));
    }
    let peer = text(rule, words.peer).ok_or_else(|| RULE_NEEDS_PEER.with(&[direction, words.peer]))?;
    match text(rule, words.peer_type) {
        Some("SERVICE_CIDR_BLOCK") => {
            if service::labels(cloud).iter().any(|label| label == peer) {
                Ok(())
            } else {
                Err(UNKNOWN_SERVICE_LABEL.with(&[words.peer, peer]))
            }
        }
        Some("NETWORK_SECURITY_GROUP") => {
            let nsg = cloud.find(Kind::Nsg, peer).ok_or_else(|| PEER_NSG_NOT_FOUND.with(&[words.peer, peer]))?;
            if nsg.vcn() == vcn { Ok(()) } else { Err(PEER_NSG_OTHER_VCN.with(&[peer, vcn])) }
        }
        _ => cidr(words.peer, peer).map(drop),
    }
}

fn check_ports(range: &Body) -> Result<(), Refusal> {
    let (min, max) = (int(range, "min").unwrap_or_default(), int(range, "max").unwrap_or_default());
    if let Some(port) = [min, max].into_iter().find(|port| !(1..=65535).contains(port)) {
        return Err(BAD_PORT.with(&[&port.to_string()]));
    }
    if min > max {
        return Err(BAD_PORT_RANGE.with(&[&min.to_string(), &max.to_string()]));
    }
    Ok(())
}

fn check_icmp(options: &Body) -> Result<(), Refusal> {
    match (int(options, "type"), int(options, "code")) {
        (None, Some(_)) => Err(ICMP_CODE_WITHOUT_TYPE.with(&[])),
        (None, None) => Err(MISSING_PARAMETER.with(&["icmpOptions.type"])),
        (Some(kind), _) if !(0..=254).contains(&kind) => Err(BAD_ICMP_TYPE.with(&[&kind.to_string()])),
        (_, Some(code)) if !(0..=16).contains(&code) => Err(BAD_ICMP_CODE.with(&[&code.to_string()])),
        _ => Ok(()),
    }
}
