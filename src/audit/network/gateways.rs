//! The gateways that routes lead to, and what is behind each.

use super::services;
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Named, Reader};
use crate::audit::references::resolve::Single;
use crate::prove::May;
use crate::prove::network::{Destination, Services, Target};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What the gateway of a route may be, and its address.
pub fn target<'a>(
    reader: &mut Reader<'_, 'a>,
    rule: &Block<'_, 'a>,
    at: usize,
    destination: Destination,
) -> Vec<(Target, String)> {
    let resolver = reader.resolver;
    let Some(instance) = resolver.inventory.instance(at) else { return Vec::new() };
    let gateway = resolver.block(instance);
    let open = match instance.kind {
        "oci_core_internet_gateway" => reader.maybe(&gateway, "enabled", true),
        "oci_core_nat_gateway" | "oci_core_service_gateway" => !reader.maybe(&gateway, "block_traffic", false),
        _ => true.into(),
    };
    let through = match instance.kind {
        "oci_core_internet_gateway" => Target::InternetGateway,
        "oci_core_nat_gateway" => Target::NatGateway,
        "oci_core_service_gateway" => services_of(reader, &gateway).map_or(Target::Other, Target::ServiceGateway),
        "oci_core_local_peering_gateway" => peering(reader, rule, &gateway),
        "oci_core_drg" => Target::Drg(instance.address.to_owned()),
        _ => {
            let what = match destination {
                Destination::Cidr(net) => net.to_string(),
                Destination::Services(_) => "traffic to OCI services".to_owned(),
            };
            let why = format!("{what} goes to {}; what lies behind it is not analysed", instance.address);
            reader.note(rule, "network_entity_id", why);
            Target::Other
        }
    };
    let mut all = Vec::new();
    if open.most {
        all.push((through, instance.address.to_owned()));
    }
    if !open.least {
        all.push((Target::Other, instance.address.to_owned()));
    }
    all
}

/// The VCN at the far end of a local peering gateway. The connection is made by
/// one of the two, which names the other.
fn peering<'s, 'a>(reader: &mut Reader<'s, 'a>, rule: &Block<'_, 'a>, gateway: &Block<'s, 'a>) -> Target {
    const GATEWAY: &str = "oci_core_local_peering_gateway";
    let resolver = reader.resolver;
    let peer_of =
        |reader: &Reader<'s, 'a>, one: &Block<'_, 'a>| match reader.resolver.one(one, "peer_id", Want::Gateway) {
            Single::Certain(Thing::Instance(at)) => Some(at),
            _ => None,
        };
    let own = resolver.inventory.of_kind(GATEWAY).find(|(_, one)| one.address == gateway.owner.address);
    let far = peer_of(reader, gateway).or_else(|| {
        let (own, _) = own?;
        let mut others = resolver.inventory.of_kind(GATEWAY);
        others.find(|(_, other)| peer_of(reader, &resolver.block(other)) == Some(own)).map(|(at, _)| at)
    });
    let vcn = far.and_then(|at| resolver.inventory.instance(at)).and_then(|far| resolver.vcn_of(far));
    match vcn {
        Some(vcn) => Target::Peering(resolver.address(vcn)),
        None => {
            let why = format!("what {} is peered with is not known here", gateway.owner.address);
            reader.note(rule, "network_entity_id", why);
            Target::Other
        }
    }
}

/// The VCNs that are attached to each DRG. One whose own route tables are
/// written out may pass on less, or more.
pub fn drgs<'a>(reader: &mut Reader<'_, 'a>) -> BTreeMap<String, BTreeSet<String>> {
    let resolver = reader.resolver;
    let mut drgs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, drg) in resolver.inventory.of_kind("oci_core_drg") {
        drgs.entry(drg.address.to_owned()).or_default();
        reader.note_as(
            &resolver.block(drg),
            "id",
            "what else is attached to it, here or by others, is not known: on-premises networks, other regions",
            May::Open,
        );
    }
    for (_, instance) in resolver.inventory.of_kind("oci_core_drg_attachment") {
        let attachment = resolver.block(instance);
        let drg = reader.one(&attachment, "drg_id", Want::Gateway, "the attachment is left out");
        let mut vcn = reader.one(&attachment, "vcn_id", Want::Vcn, "the attachment is left out");
        for details in reader.blocks(&attachment, "network_details") {
            if vcn == Named::Absent {
                vcn = reader.one(&details, "id", Want::Vcn, "the attachment is left out");
            }
        }
        match (drg, vcn) {
            (Named::Thing(drg), Named::Thing(vcn)) => {
                drgs.entry(resolver.address(drg)).or_default().insert(resolver.address(vcn));
            }
            _ => reader.note(&attachment, "drg_id", "which VCN it attaches to which DRG is not known; it is left out"),
        }
    }
    drgs
}

/// The services that are enabled on a service gateway.
fn services_of<'s, 'a>(reader: &mut Reader<'s, 'a>, gateway: &Block<'s, 'a>) -> Option<Services> {
    let resolver = reader.resolver;
    let mut enabled = Vec::new();
    for service in reader.blocks(gateway, "services") {
        let by_id = match service.get("service_id") {
            Attribute::Known(Value::String(id)) => resolver.services_by_id(id),
            Attribute::Unknown => resolver.services_by_filter(&service, "service_id"),
            _ => None,
        };
        let by_name = match service.get("service_name") {
            Attribute::Known(Value::String(name)) => services::by_name(name),
            _ => None,
        };
        let found = by_name.or(by_id);
        if found.is_none() {
            reader.note(
                &service,
                "service_id",
                "which OCI services it stands for is not in the JSON; no traffic is assumed to reach them",
            );
        }
        enabled.extend(found);
    }
    if enabled.contains(&Services::All) { Some(Services::All) } else { enabled.first().copied() }
}

/// A gateway outside the stack, whose kind is part of its OCID.
pub fn foreign_gateway<'a>(reader: &mut Reader<'_, 'a>, rule: &Block<'_, 'a>) -> Option<(Target, String)> {
    let Attribute::Known(Value::String(id)) = rule.get("network_entity_id") else { return None };
    if reader.resolver.inventory.by_id(id).is_some() {
        return None;
    }
    let target = match id.split('.').nth(1) {
        Some("internetgateway") => Target::InternetGateway,
        Some("natgateway") => Target::NatGateway,
        _ => return None,
    };
    reader.note(
        rule,
        "network_entity_id",
        "the gateway is not part of this stack; its OCID says what kind it is, and it is assumed to let traffic pass",
    );
    Some((target, id.clone()))
}
