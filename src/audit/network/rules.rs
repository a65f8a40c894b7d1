//! Rules of security lists and NSGs. A rule that can't be read completely is
//! left out and recorded as unresolved.

use super::services;
use crate::audit::document::block::{Attribute, Block, Blocks};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::document::shown;
use crate::audit::references::reader::{Named, Net, Reader};
use crate::diagnostic::quoted;
use crate::prove::network::{Direction, Layer, Peer, Ports, SecurityRule, Traffic};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::BTreeMap;

const LIST: &str = "oci_core_security_list";
pub const DEFAULT_LIST: &str = "oci_core_default_security_list";
const NSG_RULE: &str = "oci_core_network_security_group_security_rule";

pub const ALL_PORTS: Ports = Ports { min: 0, max: u16::MAX };

const SOURCE_PORTS: &str = "source_port_range";

const LEFT_OUT: &str = "the rule is left out";

/// The rules of every security list, by its address.
pub fn security_lists<'a>(reader: &mut Reader<'_, 'a>) -> BTreeMap<String, Vec<SecurityRule>> {
    let resolver = reader.resolver;
    let mut lists = BTreeMap::new();
    for (_, instance) in [LIST, DEFAULT_LIST].into_iter().flat_map(|kind| resolver.inventory.of_kind(kind)) {
        let list = resolver.block(instance);
        let mut rules = Vec::new();
        for (name, direction) in
            [("ingress_security_rules", Direction::Ingress), ("egress_security_rules", Direction::Egress)]
        {
            for rule in reader.blocks(&list, name) {
                rules.extend(read(reader, &rule, direction, Layer::SecurityList));
            }
        }
        lists.insert(instance.address.to_owned(), rules);
    }
    lists
}

/// The rules of every NSG, by the NSG's address.
pub fn nsgs<'a>(reader: &mut Reader<'_, 'a>) -> BTreeMap<String, Vec<SecurityRule>> {
    let resolver = reader.resolver;
    let mut nsgs: BTreeMap<String, Vec<SecurityRule>> = resolver
        .inventory
        .of_kind("oci_core_network_security_group")
        .map(|(_, instance)| (instance.address.to_owned(), Vec::new()))
        .collect();
    for (_, instance) in resolver.inventory.of_kind(NSG_RULE) {
        let block = resolver.block(instance);
        let Named::Thing(nsg) = reader.one(&block, "network_security_group_id", Want::Nsg, LEFT_OUT) else { continue };
        let direction = match reader.text(&block, "direction") {
            Some("INGRESS") => Direction::Ingress,
            Some("EGRESS") => Direction::Egress,
            other => {
                let why = format!(
                    "{} is neither INGRESS nor EGRESS; the rule is left out",
                    other.map_or_else(|| "it".to_owned(), quoted)
                );
                reader.note(&block, "direction", why);
                continue;
            }
        };
        let rule = read(reader, &block, direction, Layer::Nsg);
        nsgs.entry(resolver.address(nsg)).or_default().extend(rule);
    }
    nsgs
}

/// The rules of a VCN's default security list as OCI makes it.
pub fn default_list(address: &str, vcn: &[Ipv4Net]) -> Vec<SecurityRule> {
    let rule = |direction, peer, traffic, description: &str| SecurityRule {
        address: address.to_owned(),
        direction,
        peer: Peer::Cidr(peer),
        traffic,
        stateless: false,
        description: description.to_owned(),
        layer: Layer::SecurityList,
    };
    let anywhere = Ipv4Net::default();
    let ssh = Traffic::Tcp { source: ALL_PORTS, destination: Ports { min: 22, max: 22 } };
    let unreachable = |code| Traffic::Icmp { kind: Some(3), code };
    let mut rules = vec![
        rule(Direction::Ingress, anywhere, ssh, "OCI's default: SSH from everywhere"),
        rule(Direction::Ingress, anywhere, unreachable(Some(4)), "OCI's default: path MTU discovery"),
    ];
    rules.extend(vcn.iter().map(|cidr| {
        rule(Direction::Ingress, *cidr, unreachable(None), "OCI's default: unreachable notices within the VCN")
    }));
    rules.push(rule(Direction::Egress, anywhere, Traffic::All, "OCI's default: everything out"));
    rules
}

fn read<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    direction: Direction,
    layer: Layer,
) -> Option<SecurityRule> {
    let peer = peer(reader, block, direction)?;
    let traffic = traffic(reader, block, layer)?;
    Some(SecurityRule {
        address: block.owner.address.to_owned(),
        direction,
        peer,
        traffic,
        stateless: reader.flag(block, "stateless", false, false),
        description: match block.get("description") {
            Attribute::Known(Value::String(text)) => text.clone(),
            _ => String::new(),
        },
        layer,
    })
}

fn peer<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, direction: Direction) -> Option<Peer> {
    let (name, type_name) = match direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let kind = match (block.get(type_name), block.get(name)) {
        (Attribute::Known(_), _) => reader.text(block, type_name).unwrap_or("CIDR_BLOCK"),
        // The provider's default, which it fills in only at the apply; no other
        // type has such a peer.
        (_, Attribute::Known(Value::String(text))) if services::by_label(text).is_none() => "CIDR_BLOCK",
        (Attribute::Unknown, _) if block.is_configured(type_name) => {
            reader.note(block, type_name, "it is known only after the apply; the rule is left out");
            return None;
        }
        _ => "CIDR_BLOCK",
    };
    match kind {
        "CIDR_BLOCK" => {
            let text = known_peer(reader, block, name)?;
            match reader.net(block, name, text)? {
                Net::V4(net) => return Some(Peer::Cidr(net)),
                Net::V6 => reader.note(block, name, "IPv6 is not analysed; the rule is left out"),
            }
        }
        "SERVICE_CIDR_BLOCK" => {
            if block.get(name) == Attribute::Unknown
                && let Some(services) = reader.resolver.services_by_filter(block, name)
            {
                return Some(Peer::Services(services));
            }
            let text = known_peer(reader, block, name)?;
            if let Some(services) = services::by_label(text) {
                return Some(Peer::Services(services));
            }
            reader.note(
                block,
                name,
                format!("{} is not a known set of OCI services; the rule is left out", quoted(text)),
            );
        }
        "NETWORK_SECURITY_GROUP" => match reader.one(block, name, Want::Nsg, LEFT_OUT) {
            Named::Thing(nsg @ Thing::Instance(_)) => return Some(Peer::Nsg(reader.resolver.address(nsg))),
            Named::Absent => reader.note(block, name, "it names no NSG; the rule is left out"),
            _ => {}
        },
        other => reader.note(block, type_name, format!("{} is not known; the rule is left out", quoted(other))),
    }
    None
}

fn known_peer<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> Option<&'a str> {
    if block.get(name) == Attribute::Unknown {
        reader.note(block, name, "it is known only after the apply; the rule is left out");
        return None;
    }
    let text = reader.text(block, name);
    if text.is_none() {
        reader.note(block, name, "it is not set; the rule is left out");
    }
    text
}

fn traffic<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, layer: Layer) -> Option<Traffic> {
    let protocol = match block.get("protocol") {
        Attribute::Known(Value::String(text)) => text.to_ascii_lowercase(),
        Attribute::Known(Value::Number(number)) => number.to_string(),
        Attribute::Known(_) | Attribute::Absent => String::new(),
        Attribute::Unknown => {
            reader.note(block, "protocol", "it is known only after the apply; the rule is left out");
            return None;
        }
    };
    match (protocol.as_str(), protocol.parse()) {
        ("all", _) => Some(Traffic::All),
        (_, Ok(1)) => icmp(reader, block),
        (_, Ok(6)) => {
            ports(reader, block, "tcp_options", layer).map(|(source, destination)| Traffic::Tcp { source, destination })
        }
        (_, Ok(17)) => {
            ports(reader, block, "udp_options", layer).map(|(source, destination)| Traffic::Udp { source, destination })
        }
        (_, Ok(number)) => Some(Traffic::Protocol(number)),
        _ => {
            let why = format!("{} is neither a protocol's number nor `all`; the rule is left out", quoted(&protocol));
            reader.note(block, "protocol", why);
            None
        }
    }
}

fn icmp<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>) -> Option<Traffic> {
    let Some(options) = options(reader, block, "icmp_options")? else {
        return Some(Traffic::Icmp { kind: None, code: None });
    };
    let Some(kind) = number(reader, &options, "type", 0, 255)? else {
        reader.note(&options, "type", "it is not set; the rule is left out");
        return None;
    };
    let kind = u8::try_from(kind).ok()?;
    // The provider writes -1 for every code.
    let code = number(reader, &options, "code", -1, 255)?.and_then(|code| u8::try_from(code).ok());
    Some(Traffic::Icmp { kind: Some(kind), code })
}

/// Source and destination ports.
fn ports<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str, layer: Layer) -> Option<(Ports, Ports)> {
    let Some(options) = options(reader, block, name)? else { return Some((ALL_PORTS, ALL_PORTS)) };
    let source = match options.get(SOURCE_PORTS) {
        // The provider leaves an unset UDP range unknown until the apply, where
        // it becomes all ports.
        Attribute::Unknown if !options.is_seen_configured(SOURCE_PORTS) => ALL_PORTS,
        _ => range(reader, &options, SOURCE_PORTS)?,
    };
    // `tcp_options { destination_port_range { min max } }` in an NSG, and
    // `tcp_options { min max }` in a security list.
    let destination = match layer {
        Layer::Nsg => range(reader, &options, "destination_port_range")?,
        Layer::SecurityList => bounds(reader, &options)?,
    };
    Some((source, destination))
}

fn range<'a>(reader: &mut Reader<'_, 'a>, options: &Block<'_, 'a>, name: &str) -> Option<Ports> {
    match self::options(reader, options, name)? {
        Some(range) => bounds(reader, &range),
        None => Some(ALL_PORTS),
    }
}

fn bounds<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>) -> Option<Ports> {
    let min = number(reader, block, "min", 0, 65535)?.unwrap_or(0);
    let max = number(reader, block, "max", 0, 65535)?.unwrap_or(0);
    match (u16::try_from(min).ok()?, u16::try_from(max).ok()?) {
        // How the provider writes that there is no range.
        (0, 0) => Some(ALL_PORTS),
        (min, max) if min <= max => Some(Ports { min, max }),
        (min, max) => {
            reader.note(block, "max", format!("the range {min}-{max} is empty; the rule is left out"));
            None
        }
    }
}

/// The only block of a name: `None` if it can't be read, `Some(None)` if there
/// is no such block.
fn options<'s, 'a>(reader: &mut Reader<'_, 'a>, block: &Block<'s, 'a>, name: &str) -> Option<Option<Block<'s, 'a>>> {
    match block.blocks(name) {
        Blocks::Known(blocks) if blocks.len() < 2 && !blocks.iter().any(Block::is_odd) => {
            Some(blocks.into_iter().next())
        }
        Blocks::Known(_) | Blocks::Odd(_) => {
            reader.note(block, name, "it is not one block; the rule is left out");
            None
        }
        Blocks::Unknown => {
            reader.note(block, name, "it is known only after the apply; the rule is left out");
            None
        }
    }
}

/// A whole number within bounds: `None` if it is anything else, which is
/// recorded as unresolved, `Some(None)` if it is not set.
fn number<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    name: &str,
    least: i64,
    most: i64,
) -> Option<Option<i64>> {
    let value = match block.get(name) {
        Attribute::Absent => return Some(None),
        Attribute::Unknown if !block.is_seen_configured(name) => return Some(None),
        Attribute::Unknown => {
            reader.note(block, name, "it is known only after the apply; the rule is left out");
            return None;
        }
        Attribute::Known(value) => value,
    };
    if let Some(number) = value.as_i64().filter(|number| (least..=most).contains(number)) {
        return Some(Some(number));
    }
    let why = format!("{} is not a number from {least} to {most}; the rule is left out", shown(value));
    reader.note(block, name, why);
    None
}
