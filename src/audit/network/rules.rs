//! Rules of security lists and NSGs. What can't be read of a rule is anything
//! that it can be, and then the rule is not certain.

use super::services;
use super::traffic::{ALL_PORTS, traffic};
use crate::audit::document::block::{Attribute, Block};
use crate::audit::document::kind::{Thing, Want};
use crate::audit::references::reader::{Maybe, Named, Net, Reader};
use crate::diagnostic::quoted;
use crate::prove::May;
use crate::prove::network::{Direction, Layer, Peer, Ports, SecurityRule, Services, Traffic};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::BTreeMap;

const LIST: &str = "oci_core_security_list";
pub const DEFAULT_LIST: &str = "oci_core_default_security_list";
const NSG_RULE: &str = "oci_core_network_security_group_security_rule";

const LEFT_OUT: &str = "the rule is left out";
const ANY_PEER: &str = "it is known only after the apply; any address is possible";

/// The rules of a list or an NSG.
#[derive(Default, Clone)]
pub struct Rules {
    pub certain: Vec<SecurityRule>,
    /// All that may be there, what is certain among it.
    pub possible: Vec<SecurityRule>,
}

/// A rule, or all that it may be.
struct Reading {
    rules: Vec<SecurityRule>,
    stateless: Maybe,
    is_certain: bool,
}

impl Rules {
    fn add<'a>(&mut self, reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, reading: Reading) {
        let Reading { rules, stateless, is_certain } = reading;
        if is_certain {
            // A stateless rule admits less.
            self.certain.extend(rules.iter().cloned().map(|rule| SecurityRule { stateless: stateless.most, ..rule }));
        } else if stateless.most {
            reader.note_as(block, "stateless", "it may take precedence over stateful rules", May::Close);
        }
        let stateless = is_certain && stateless.least;
        self.possible.extend(rules.into_iter().map(|rule| SecurityRule { stateless, ..rule }));
    }
}

/// The rules of every security list, by its address.
pub fn security_lists<'a>(reader: &mut Reader<'_, 'a>) -> BTreeMap<String, Rules> {
    let resolver = reader.resolver;
    let mut lists = BTreeMap::new();
    for (_, instance) in [LIST, DEFAULT_LIST].into_iter().flat_map(|kind| resolver.inventory.of_kind(kind)) {
        let list = resolver.block(instance);
        let mut rules = Rules::default();
        for (name, direction) in
            [("ingress_security_rules", Direction::Ingress), ("egress_security_rules", Direction::Egress)]
        {
            if list.get(name) == Attribute::Unknown {
                let why = "its rules are known only after the apply: any traffic is possible";
                reader.note_as(&list, name, why, May::Close);
                rules.possible.push(anything(instance.address, direction));
            }
            for rule in reader.blocks(&list, name) {
                if let Some(reading) = read(reader, &rule, direction, Layer::SecurityList) {
                    rules.add(reader, &rule, reading);
                }
            }
        }
        lists.insert(instance.address.to_owned(), rules);
    }
    lists
}

/// A rule for whatever is not known.
fn anything(address: &str, direction: Direction) -> SecurityRule {
    SecurityRule {
        address: address.to_owned(),
        direction,
        peer: Peer::Cidr(Ipv4Net::default()),
        traffic: Traffic::All,
        stateless: false,
        description: "not known before the apply".to_owned(),
        layer: Layer::SecurityList,
    }
}

/// The rules of every NSG, by the NSG's address.
pub fn nsgs<'a>(reader: &mut Reader<'_, 'a>) -> BTreeMap<String, Rules> {
    let resolver = reader.resolver;
    let mut nsgs: BTreeMap<String, Rules> = resolver
        .inventory
        .of_kind("oci_core_network_security_group")
        .map(|(_, instance)| (instance.address.to_owned(), Rules::default()))
        .collect();
    for (_, instance) in resolver.inventory.of_kind(NSG_RULE) {
        let block = resolver.block(instance);
        let (owners, is_certain) = match reader.one(&block, "network_security_group_id", Want::Nsg, LEFT_OUT) {
            Named::Thing(nsg) => (vec![nsg], true),
            Named::Among(nsgs) => (nsgs, false),
            Named::Absent => {
                reader.note(&block, "network_security_group_id", "it names no NSG; it is left out");
                continue;
            }
            Named::Unresolved => continue,
        };
        let directions = match block.get("direction") {
            Attribute::Unknown => {
                reader.note_as(
                    &block,
                    "direction",
                    "it is known only after the apply; both are possible",
                    May::Nothing,
                );
                vec![Direction::Ingress, Direction::Egress]
            }
            _ => match reader.text(&block, "direction") {
                Some("INGRESS") => vec![Direction::Ingress],
                Some("EGRESS") => vec![Direction::Egress],
                other => {
                    let why = format!(
                        "{} is neither INGRESS nor EGRESS; the rule is left out",
                        other.map_or_else(|| "it".to_owned(), quoted)
                    );
                    reader.note(&block, "direction", why);
                    continue;
                }
            },
        };
        let is_certain = is_certain && directions.len() == 1;
        for direction in directions {
            let Some(reading) = read(reader, &block, direction, Layer::Nsg) else { continue };
            for nsg in &owners {
                let reading = Reading {
                    rules: reading.rules.clone(),
                    stateless: reading.stateless,
                    is_certain: reading.is_certain && is_certain,
                };
                nsgs.entry(resolver.address(*nsg)).or_default().add(reader, &block, reading);
            }
        }
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

fn read<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, direction: Direction, layer: Layer) -> Option<Reading> {
    let mut is_certain = true;
    let peers = peers(reader, block, direction, &mut is_certain);
    let traffic = traffic(reader, block, layer, &mut is_certain)?;
    let rule = |peer| SecurityRule {
        address: block.owner.address.to_owned(),
        direction,
        peer,
        traffic,
        stateless: false,
        description: match block.get("description") {
            Attribute::Known(Value::String(text)) => text.clone(),
            _ => String::new(),
        },
        layer,
    };
    let rules: Vec<_> = peers.into_iter().map(rule).collect();
    if rules.is_empty() {
        return None;
    }
    Some(Reading { rules, stateless: reader.maybe(block, "stateless", false), is_certain })
}

/// Who is at the other end; several if it is one of them.
fn peers<'a>(
    reader: &mut Reader<'_, 'a>,
    block: &Block<'_, 'a>,
    direction: Direction,
    is_certain: &mut bool,
) -> Vec<Peer> {
    let (name, type_name) = match direction {
        Direction::Ingress => ("source", "source_type"),
        Direction::Egress => ("destination", "destination_type"),
    };
    let anyone = vec![Peer::Cidr(Ipv4Net::default())];
    let kind = match (block.get(type_name), block.get(name)) {
        (Attribute::Known(_), _) => reader.text(block, type_name).unwrap_or("CIDR_BLOCK"),
        // The provider's default, which it fills in only at the apply; no other
        // type has such a peer.
        (_, Attribute::Known(Value::String(text))) if services::by_label(text).is_none() => "CIDR_BLOCK",
        (Attribute::Unknown, _) if block.is_configured(type_name) => {
            reader.note_as(block, type_name, ANY_PEER, May::Nothing);
            *is_certain = false;
            return anyone;
        }
        _ => "CIDR_BLOCK",
    };
    match kind {
        "CIDR_BLOCK" => {
            if block.get(name) == Attribute::Unknown {
                reader.note_as(block, name, ANY_PEER, May::Nothing);
                *is_certain = false;
                return anyone;
            }
            let Some(text) = known_peer(reader, block, name) else { return Vec::new() };
            match reader.net(block, name, text) {
                Some(Net::V4(net)) => return vec![Peer::Cidr(net)],
                Some(Net::V6) => {
                    reader.note_as(block, name, "IPv6 is not analysed; the rule is left out", May::Open);
                }
                None => {}
            }
        }
        "SERVICE_CIDR_BLOCK" => {
            if block.get(name) == Attribute::Unknown {
                if let Some(services) = reader.resolver.services_by_filter(block, name) {
                    return vec![Peer::Services(services)];
                }
                let why = "which services it is for is known only after the apply; all are possible";
                reader.note_as(block, name, why, May::Nothing);
                *is_certain = false;
                return vec![Peer::Services(Services::All)];
            }
            let Some(text) = known_peer(reader, block, name) else { return Vec::new() };
            if let Some(services) = services::by_label(text) {
                return vec![Peer::Services(services)];
            }
            reader.note(
                block,
                name,
                format!("{} is not a known set of OCI services; the rule is left out", quoted(text)),
            );
        }
        "NETWORK_SECURITY_GROUP" => match reader.one(block, name, Want::Nsg, LEFT_OUT) {
            Named::Thing(nsg @ Thing::Instance(_)) => return vec![Peer::Nsg(reader.resolver.address(nsg))],
            Named::Among(nsgs) => {
                *is_certain = false;
                return nsgs.into_iter().map(|nsg| Peer::Nsg(reader.resolver.address(nsg))).collect();
            }
            Named::Absent => reader.note(block, name, "it names no NSG; the rule is left out"),
            _ => {}
        },
        other => reader.note(block, type_name, format!("{} is not known; the rule is left out", quoted(other))),
    }
    Vec::new()
}

fn known_peer<'a>(reader: &mut Reader<'_, 'a>, block: &Block<'_, 'a>, name: &str) -> Option<&'a str> {
    let text = reader.text(block, name);
    if text.is_none() {
        reader.note(block, name, "it is not set; the rule is left out");
    }
    text
}
