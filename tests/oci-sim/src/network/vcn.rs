//! A VCN: its CIDRs, its label, and the parts that come and go with it.

use ipnet::Ipv4Net;
use serde_json::{Value, json};

use crate::body::{default, set, text, texts};
use crate::cloud::{Cloud, Kind};
use crate::common::{cidr, overlap};
use crate::refusals::*;
use crate::wire::Body;

/// Oracle, Overview of VCNs and Subnets: ranges that no VCN may have.
const RESERVED: [&str; 4] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3"];

/// Members that name the parts a VCN comes with.
const DEFAULTS: [(Kind, &str); 3] = [
    (Kind::SecurityList, "defaultSecurityListId"),
    (Kind::RouteTable, "defaultRouteTableId"),
    (Kind::DhcpOptions, "defaultDhcpOptionsId"),
];

/// `cidrBlock` is the older way to say `cidrBlocks` with one entry. Both at
/// once are left as they are, for `check` to refuse.
pub fn fill(body: &mut Body) {
    if let (Some(one), false) = (text(body, "cidrBlock").map(str::to_owned), body.contains_key("cidrBlocks")) {
        set(body, "cidrBlocks", json!([one]));
    } else if let (Some(first), false) =
        (texts(body, "cidrBlocks").first().map(|first| (*first).to_owned()), body.contains_key("cidrBlock"))
    {
        set(body, "cidrBlock", first);
    }
    if let Some(label) = text(body, "dnsLabel") {
        let domain = format!("{label}.oraclevcn.com");
        set(body, "vcnDomainName", domain);
    }
}

pub fn check(body: &mut Body) -> Result<(), Refusal> {
    let cidrs = texts(body, "cidrBlocks");
    if cidrs.is_empty() || text(body, "cidrBlock") != cidrs.first().copied() {
        return Err(NO_VCN_CIDR.with(&[]));
    }
    if cidrs.len() > 5 {
        return Err(TOO_MANY_VCN_CIDRS.with(&[&cidrs.len().to_string()]));
    }
    let mut nets: Vec<Ipv4Net> = Vec::new();
    for text in cidrs {
        let net = cidr("cidrBlocks", text)?;
        if !(16..=30).contains(&net.prefix_len()) {
            return Err(VCN_CIDR_SIZE.with(&[text]));
        }
        let overlapped = RESERVED.iter().find(|range| overlap(&net, &range.parse().expect("a CIDR of this file")));
        if let Some(range) = overlapped {
            return Err(CIDR_RESERVED.with(&[text, range]));
        }
        if let Some(other) = nets.iter().find(|other| overlap(other, &net)) {
            return Err(VCN_CIDRS_OVERLAP.with(&[&other.to_string(), text]));
        }
        nets.push(net);
    }
    text(body, "dnsLabel").map_or(Ok(()), check_dns_label)
}

pub fn check_dns_label(label: &str) -> Result<(), Refusal> {
    let letter_first = label.starts_with(|c: char| c.is_ascii_alphabetic());
    if letter_first && label.len() <= 15 && label.chars().all(|c| c.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(BAD_DNS_LABEL.with(&[label]))
    }
}

/// The security list, route table and DHCP options that a VCN is made with.
/// The list is as open as OCI's own.
pub fn add_defaults(cloud: &mut Cloud, vcn: &str) {
    let (compartment, name, cidr) = {
        let body = &cloud.find(Kind::Vcn, vcn).expect("the VCN just made").body;
        let member = |key| text(body, key).unwrap_or_default().to_owned();
        (member("compartmentId"), member("displayName"), member("cidrBlock"))
    };
    let icmp = |source: &str, options: Value| json!({ "protocol": "1", "source": source, "sourceType": "CIDR_BLOCK", "isStateless": false, "icmpOptions": options });
    for (kind, member) in DEFAULTS {
        let (title, mut body) = match kind {
            Kind::SecurityList => (
                "Security List",
                json!({
                    "ingressSecurityRules": [
                        { "protocol": "6", "source": "0.0.0.0/0", "sourceType": "CIDR_BLOCK", "isStateless": false,
                          "tcpOptions": { "destinationPortRange": { "min": 22, "max": 22 } } },
                        icmp("0.0.0.0/0", json!({ "type": 3, "code": 4 })),
                        icmp(&cidr, json!({ "type": 3 })),
                    ],
                    "egressSecurityRules": [
                        { "protocol": "all", "destination": "0.0.0.0/0", "destinationType": "CIDR_BLOCK", "isStateless": false },
                    ],
                }),
            ),
            Kind::RouteTable => ("Route Table", json!({ "routeRules": [] })),
            _ => (
                "DHCP Options",
                json!({ "options": [{ "type": "DomainNameServer", "serverType": "VcnLocalPlusInternet" }] }),
            ),
        };
        let body = body.as_object_mut().expect("an object");
        set(body, "compartmentId", compartment.as_str());
        set(body, "vcnId", vcn);
        set(body, "displayName", format!("Default {title} for {name}"));
        default(body, "freeformTags", json!({}));
        default(body, "definedTags", json!({}));
        let time = cloud.time();
        set(body, "timeCreated", time);
        let id = cloud.add(kind, body.clone(), "AVAILABLE", None);
        set(&mut cloud.get(Kind::Vcn, vcn).expect("the VCN just made").body, member, id);
    }
}

/// Whether this is one of the parts that a VCN is made with.
pub fn is_default(cloud: &Cloud, id: &str) -> bool {
    cloud.all(Kind::Vcn).any(|vcn| DEFAULTS.iter().any(|(_, member)| text(&vcn.body, member) == Some(id)))
}

/// A VCN goes last: only its defaults may be left in it.
pub fn check_delete(cloud: &Cloud, vcn: &str) -> Result<(), Refusal> {
    let left = cloud
        .resources
        .iter()
        .filter(|part| part.alive() && part.kind != Kind::Vcn && part.vcn() == vcn)
        .find(|part| !is_default(cloud, &part.id));
    match left {
        Some(part) => Err(VCN_NOT_EMPTY.with(&[vcn, &part.id])),
        None => Ok(()),
    }
}

pub fn bury_defaults(cloud: &mut Cloud, vcn: &str) {
    for (kind, member) in DEFAULTS {
        if let Some(id) = cloud.find(Kind::Vcn, vcn).and_then(|vcn| text(&vcn.body, member)).map(str::to_owned) {
            cloud.bury(kind, &id, "TERMINATED");
        }
    }
}
