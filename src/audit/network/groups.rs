//! Groups of VNICs under construction: where they are, their NSGs, and the
//! names that users read. Knows no resource type.

use super::fronts::{Fronting, fronts};
use super::routes::Variant;
use super::vcns::Parts;
use crate::audit::references::reader::{Maybe, Names, Reader};
use crate::contract::{self, SpellType, TIER_TAG, VCN};
use crate::prove::network::{Group, GroupKind};
use ipnet::Ipv4Net;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

/// A group before it has its name.
pub struct Draft {
    /// From the shortest to the longest; the first that no other group claims
    /// is used.
    pub names: Vec<String>,
    pub kind: GroupKind,
    /// By place in the inventory.
    pub subnet: usize,
    /// Where its VNICs are, if that is narrower than the subnet.
    pub addresses: Vec<Ipv4Net>,
    pub nsgs: Names,
    pub public_ip: Maybe,
    pub fronts: Vec<Fronting>,
    /// What their own route table may be; nothing for their subnet's.
    pub tables: Vec<Variant>,
    /// The name that it shares with the other places where its VNICs may be.
    pub candidate_of: Option<String>,
}

/// Where some VNICs are, or may be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Placement {
    pub subnet: usize,
    pub nsgs: Names,
    pub public_ip: Maybe,
    pub fronts: Vec<Fronting>,
    /// What their own route table may be; nothing for their subnet's.
    pub tables: Vec<Variant>,
    /// Whether it is one of several places.
    pub is_candidate: bool,
}

/// The spell that generated a resource, where cloudspells did.
pub fn spell(values: &Value, spell_type: SpellType) -> Option<&str> {
    let tags = values.get("freeform_tags")?;
    contract::spell_name(|name| tags.get(name).and_then(Value::as_str), spell_type)
}

/// The name of every subnet, by index in the inventory: `vcn.tier` if
/// cloudspells generated it, else its address.
pub fn subnet_names(reader: &Reader<'_, '_>, parts: &Parts) -> BTreeMap<usize, String> {
    let inventory = &reader.resolver.inventory;
    let wishes = parts.subnets.keys().filter_map(|at| {
        let instance = inventory.instance(*at)?;
        let tier = instance.values.get("freeform_tags").and_then(|tags| tags.get(TIER_TAG)).and_then(Value::as_str);
        let short = spell(instance.values, VCN).zip(tier).map(|(spell, tier)| contract::tier_group(spell, tier));
        Some((*at, wishes(short, instance.address)))
    });
    let (places, wishes): (Vec<_>, Vec<_>) = wishes.unzip();
    places.into_iter().zip(settle(&wishes)).collect()
}

/// Candidate names: the short name, the short name after its module, the
/// address.
pub fn wishes(short: Option<String>, address: &str) -> Vec<String> {
    let mut wishes = Vec::new();
    if let Some(short) = short {
        let resource = address.rsplit_once(".oci_").map_or("", |(module, _)| module);
        let with_module = if resource.is_empty() { short.clone() } else { format!("{resource}.{short}") };
        wishes.extend([short, with_module]);
    }
    wishes.push(address.to_owned());
    wishes
}

/// For each list of candidates, the first one that is unique. All lists that
/// clash move on together, so that their order has no effect.
pub fn settle(wishes: &[Vec<String>]) -> Vec<String> {
    let longest = wishes.iter().map(Vec::len).max().unwrap_or(0);
    let mut level = vec![0_usize; wishes.len()];
    let name = |at: usize, level: usize| -> &str {
        let names = wishes.get(at).map(Vec::as_slice).unwrap_or_default();
        names.get(level).or(names.last()).map_or("", String::as_str)
    };
    for _ in 0..longest {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for (at, level) in level.iter().enumerate() {
            *count.entry(name(at, *level)).or_default() += 1;
        }
        for (at, level) in level.iter_mut().enumerate() {
            if count.get(name(at, *level)).is_some_and(|count| *count > 1) {
                *level += 1;
            }
        }
    }
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut settled = Vec::new();
    for (at, level) in level.iter().enumerate() {
        let name = name(at, *level);
        let times = times.entry(name).or_default();
        *times += 1;
        settled.push(if *times == 1 { name.to_owned() } else { format!("{name} ({times})") });
    }
    settled
}

/// The groups of one role: one for each placement. If there are several, their
/// names say which is which.
pub fn spread(
    names: &[String],
    kind: GroupKind,
    placements: &[(Placement, String)],
    subnets: &BTreeMap<usize, String>,
) -> Vec<Draft> {
    let mut places: BTreeMap<&Placement, &str> = BTreeMap::new();
    for (placement, by) in placements.iter().filter(|(placement, _)| subnets.contains_key(&placement.subnet)) {
        places.entry(placement).or_insert(by);
    }
    let same_subnet = |subnet: usize| places.keys().filter(|other| other.subnet == subnet).count();
    let draft = |(placement, by): (&&Placement, &&str)| {
        let mut suffix = String::new();
        if places.len() > same_subnet(placement.subnet) {
            suffix = format!(" in {}", subnets.get(&placement.subnet).map_or("", String::as_str));
        }
        if same_subnet(placement.subnet) > 1 {
            suffix = format!("{suffix} of {by}");
        }
        Draft {
            names: names.iter().map(|name| format!("{name}{suffix}")).collect(),
            kind,
            subnet: placement.subnet,
            addresses: Vec::new(),
            nsgs: placement.nsgs.clone(),
            public_ip: placement.public_ip,
            fronts: placement.fronts.clone(),
            tables: placement.tables.clone(),
            candidate_of: placement.is_candidate.then(|| shared(names, by)),
        }
    };
    places.iter().map(draft).collect()
}

/// The name that the candidates of some VNICs share.
fn shared(names: &[String], by: &str) -> String {
    match names.last() {
        Some(name) if name != by => format!("{name} of {by}"),
        _ => by.to_owned(),
    }
}

/// Puts the groups of the drafts into both networks: one for each route table
/// that its VNICs may have. Gives the places of each draft's groups.
pub fn finish(drafts: Vec<Draft>, parts: &mut Parts, reader: &Reader<'_, '_>) -> Vec<Vec<usize>> {
    let wishes: Vec<_> = drafts.iter().map(|draft| draft.names.clone()).collect();
    let mut places = Vec::new();
    for (name, draft) in settle(&wishes).into_iter().zip(drafts) {
        let of_subnet = parts.tables_of.get(&draft.subnet).cloned().unwrap_or_default();
        let has_own = !draft.tables.is_empty();
        let tables = if has_own { draft.tables } else { of_subnet };
        let is_one = tables.len() == 1;
        let is_candidate = !is_one || parts.somewhere.contains(&draft.subnet);
        let own = reader.resolver.inventory.instance(draft.subnet).map_or("", |one| one.address);
        let whole = parts.subnets.get(&draft.subnet).cloned().unwrap_or_default();
        let addresses = if draft.addresses.is_empty() { whole } else { draft.addresses };
        let [certain, possible] = fronts(&draft.fronts, parts, reader.resolver);
        let mut at = Vec::new();
        for table in tables {
            let subnet = if is_one && !has_own { own.to_owned() } else { format!("{own} with {}", table.key) };
            for network in [&mut parts.network, &mut parts.widest] {
                if let Some(mut entry) = network.subnets.get(own).cloned() {
                    entry.route_table = table.key.clone();
                    entry.routes.clone_from(&table.routes);
                    network.subnets.entry(subnet.clone()).or_insert(entry);
                }
            }
            let group = Group {
                name: if is_one { name.clone() } else { format!("{name} with {}", table.key) },
                kind: draft.kind,
                subnet,
                addresses: addresses.clone(),
                nsgs: draft.nsgs.certain.clone(),
                public_ip: draft.public_ip.least,
                fronts: certain.clone(),
                candidate_of: draft.candidate_of.clone().or_else(|| is_candidate.then(|| name.clone())),
            };
            let mut nsgs = group.nsgs.clone();
            nsgs.extend(draft.nsgs.possible.iter().filter(|nsg| !group.nsgs.contains(nsg)).cloned());
            let (public_ip, fronts) = (draft.public_ip.most, possible.clone());
            parts.widest.groups.push(Group { nsgs, public_ip, fronts, ..group.clone() });
            at.push(parts.network.groups.len());
            parts.network.groups.push(group);
        }
        places.push(at);
    }
    places
}
