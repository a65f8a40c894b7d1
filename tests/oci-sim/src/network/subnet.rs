//! A subnet: where it lies in its VCN, its label, what it uses.

use serde_json::json;

use crate::body::{default, flag, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{check_references, cidr, overlap, vcn_cidrs};
use crate::refusals::*;
use crate::wire::Body;

const SUBNETS_A_VCN: usize = 300;

/// The VCN's defaults where the request names no part of its own. Oracle says
/// of the two prohibitions that one follows the other: so it does here, and
/// `check` refuses two that differ.
pub fn fill(cloud: &Cloud, body: &mut Body) {
    let vcn = text(body, "vcnId").and_then(|id| cloud.find(Kind::Vcn, id)).map(|vcn| vcn.body.clone());
    let vcn = vcn.unwrap_or_default();
    let part = |member| text(&vcn, member).unwrap_or_default().to_owned();
    default(body, "routeTableId", part("defaultRouteTableId"));
    default(body, "dhcpOptionsId", part("defaultDhcpOptionsId"));
    default(body, "securityListIds", json!([part("defaultSecurityListId")]));
    let given = flag(body, "prohibitInternetIngress").or(flag(body, "prohibitPublicIpOnVnic")).unwrap_or(false);
    default(body, "prohibitInternetIngress", given);
    default(body, "prohibitPublicIpOnVnic", given);
    if let (Some(label), Some(domain)) = (text(body, "dnsLabel"), text(&vcn, "vcnDomainName")) {
        let domain = format!("{label}.{domain}");
        set(body, "subnetDomainName", domain);
    }
    set(body, "virtualRouterMac", "00:00:17:00:00:01");
}

pub fn check(cloud: &Cloud, body: &mut Body, id: Option<&str>) -> Result<(), Refusal> {
    let vcn = text(body, "vcnId").unwrap_or_default().to_owned();
    check_cidr(cloud, body, &vcn, id)?;
    check_label(cloud, body, &vcn, id)?;
    if let Some(name) = text(body, "availabilityDomain")
        && !cloud.config.availability_domains.iter().any(|ad| ad == name)
    {
        return Err(UNKNOWN_AD.with(&[name]));
    }
    if flag(body, "prohibitInternetIngress") != flag(body, "prohibitPublicIpOnVnic") {
        return Err(PROHIBITIONS_CONFLICT.with(&[]));
    }
    for (kind, member) in [(Kind::RouteTable, "routeTableId"), (Kind::DhcpOptions, "dhcpOptionsId")] {
        let ids: Vec<&str> = text(body, member).into_iter().collect();
        check_references(cloud, kind, member, &ids, &vcn)?;
    }
    let lists = texts(body, "securityListIds");
    if lists.len() > 5 {
        return Err(TOO_MANY_SECURITY_LISTS.with(&[&lists.len().to_string()]));
    }
    check_references(cloud, Kind::SecurityList, "securityListIds", &lists, &vcn)
}

fn check_cidr(cloud: &Cloud, body: &mut Body, vcn: &str, id: Option<&str>) -> Result<(), Refusal> {
    let text_of = text(body, "cidrBlock").unwrap_or_default().to_owned();
    let net = cidr("cidrBlock", &text_of)?;
    // Three addresses of each subnet are Oracle's, so a /31 would have none.
    if net.prefix_len() > 30 {
        return Err(SUBNET_CIDR_SIZE.with(&[&text_of]));
    }
    if !vcn_cidrs(cloud, vcn).iter().any(|range| range.contains(&net)) {
        return Err(SUBNET_OUTSIDE_VCN.with(&[&text_of, vcn]));
    }
    let others: Vec<_> = cloud.in_vcn(Kind::Subnet, vcn).filter(|other| Some(other.id.as_str()) != id).collect();
    if id.is_none() && others.len() >= SUBNETS_A_VCN {
        return Err(TOO_MANY_SUBNETS.with(&[vcn]));
    }
    for other in others {
        let taken = text(&other.body, "cidrBlock").unwrap_or_default();
        if taken.parse().is_ok_and(|taken| overlap(&taken, &net)) {
            return Err(SUBNETS_OVERLAP.with(&[&text_of, taken, &other.id]));
        }
    }
    let router = net.hosts().next().expect("a subnet has hosts").to_string();
    set(body, "virtualRouterIp", router);
    set(body, "ipv4CidrBlocks", json!([text_of]));
    Ok(())
}

fn check_label(cloud: &Cloud, body: &Body, vcn: &str, id: Option<&str>) -> Result<(), Refusal> {
    let Some(label) = text(body, "dnsLabel") else { return Ok(()) };
    super::vcn::check_dns_label(label)?;
    if cloud.find(Kind::Vcn, vcn).is_none_or(|vcn| text(&vcn.body, "dnsLabel").is_none()) {
        return Err(DNS_LABEL_NEEDS_VCN_LABEL.with(&[label]));
    }
    // Labels are DNS names, so their case does not tell them apart.
    let taken = cloud
        .in_vcn(Kind::Subnet, vcn)
        .filter(|other| Some(other.id.as_str()) != id)
        .any(|other| text(&other.body, "dnsLabel").is_some_and(|other| other.eq_ignore_ascii_case(label)));
    if taken { Err(DNS_LABEL_TAKEN.with(&[label, vcn])) } else { Ok(()) }
}

/// A route table, a security list or a set of DHCP options goes when no
/// subnet uses it, and never where it is a default.
pub fn check_part_free(cloud: &Cloud, kind: Kind, id: &str) -> Result<(), Refusal> {
    if super::vcn::is_default(cloud, id) {
        return Err(DEFAULT_OF_VCN.with(&[id]));
    }
    let uses = |body: &Body| match kind {
        Kind::RouteTable => text(body, "routeTableId") == Some(id),
        Kind::DhcpOptions => text(body, "dhcpOptionsId") == Some(id),
        _ => texts(body, "securityListIds").contains(&id),
    };
    match cloud.all(Kind::Subnet).find(|subnet| uses(&subnet.body)) {
        Some(subnet) => Err(PART_OF_SUBNET.with(&[id, &subnet.id])),
        None => Ok(()),
    }
}
