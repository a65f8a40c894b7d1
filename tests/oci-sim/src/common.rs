//! Checks of what every resource has: compartment, name, tags, references.

use ipnet::Ipv4Net;
use serde_json::Value;

use crate::body::{object, text};
use crate::cloud::{Cloud, Kind};
use crate::refusals::*;
use crate::wire::Body;

const FREEFORM_TAGS: usize = 10;
const DEFINED_TAGS: usize = 64;

/// An OCID of one of these kinds of thing: `ocid1.KIND.REALM.REGION.UNIQUE`.
pub fn is_ocid(kinds: &[&str], id: &str) -> bool {
    let parts: Vec<&str> = id.splitn(5, '.').collect();
    parts.len() == 5 && parts[0] == "ocid1" && kinds.contains(&parts[1]) && !parts[2].is_empty() && !parts[4].is_empty()
}

/// Compartment, names and tags of any body.
pub fn check_common(body: &Body) -> Result<(), Refusal> {
    if let Some(id) = text(body, "compartmentId")
        && !is_ocid(&["compartment", "tenancy"], id)
    {
        return Err(BAD_COMPARTMENT.with(&[id]));
    }
    for member in ["displayName", "name"] {
        if let Some(name) = text(body, member)
            && !(1..=255).contains(&name.chars().count())
        {
            return Err(BAD_NAME_LENGTH.with(&[member]));
        }
    }
    check_tags(body)
}

/// Oracle, Tagging Overview: the limits of tags.
pub fn check_tags(body: &Body) -> Result<(), Refusal> {
    if let Some(tags) = object(body, "freeformTags") {
        if tags.len() > FREEFORM_TAGS {
            return Err(TOO_MANY_FREEFORM_TAGS.with(&[&tags.len().to_string()]));
        }
        check_pairs(tags)?;
    }
    if let Some(namespaces) = object(body, "definedTags") {
        let tags: Vec<&Body> = namespaces.values().filter_map(Value::as_object).collect();
        let count: usize = tags.iter().map(|tags| tags.len()).sum();
        if count > DEFINED_TAGS {
            return Err(TOO_MANY_DEFINED_TAGS.with(&[&count.to_string()]));
        }
        tags.into_iter().try_for_each(check_pairs)?;
    }
    Ok(())
}

fn check_pairs(tags: &Body) -> Result<(), Refusal> {
    for (key, value) in tags {
        let printable = key.chars().all(|c| c.is_ascii_graphic() && c != '.');
        if !printable || !(1..=100).contains(&key.len()) {
            return Err(BAD_TAG_KEY.with(&[key]));
        }
        if value.as_str().is_some_and(|value| value.chars().count() > 256) {
            return Err(BAD_TAG_VALUE.with(&[key]));
        }
    }
    Ok(())
}

/// An IPv4 CIDR whose address is the network's own.
pub fn cidr(member: &str, text: &str) -> Result<Ipv4Net, Refusal> {
    text.parse::<Ipv4Net>()
        .ok()
        .filter(|net| net.trunc() == *net && net.to_string() == text)
        .ok_or_else(|| BAD_CIDR.with(&[member, text]))
}

pub fn overlap(a: &Ipv4Net, b: &Ipv4Net) -> bool {
    a.contains(b) || b.contains(a)
}

/// The resources that `ids` name are there, in the VCN, and each once.
pub fn check_references(cloud: &Cloud, kind: Kind, member: &str, ids: &[&str], vcn: &str) -> Result<(), Refusal> {
    for (index, id) in ids.iter().enumerate() {
        if cloud.related(kind, member, id)?.vcn() != vcn {
            return Err(OTHER_VCN.with(&[id, vcn]));
        }
        if ids[..index].contains(id) {
            return Err(DUPLICATE_ID.with(&[member, id]));
        }
    }
    Ok(())
}

/// At most five NSGs on a VNIC, all of the VCN.
pub fn check_nsgs(cloud: &Cloud, member: &str, ids: &[&str], vcn: &str) -> Result<(), Refusal> {
    if ids.len() > 5 {
        return Err(TOO_MANY_NSGS.with(&[member, &ids.len().to_string()]));
    }
    let made: Vec<&str> =
        ids.iter().copied().filter(|id| !cloud.config.nsgs_of_others.iter().any(|of| of == id)).collect();
    check_references(cloud, Kind::Nsg, member, &made, vcn)
}

/// The CIDRs of a VCN.
pub fn vcn_cidrs(cloud: &Cloud, vcn: &str) -> Vec<Ipv4Net> {
    let body = cloud.find(Kind::Vcn, vcn).map(|vcn| crate::body::texts(&vcn.body, "cidrBlocks")).unwrap_or_default();
    body.into_iter().filter_map(|cidr| cidr.parse().ok()).collect()
}
