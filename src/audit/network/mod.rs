//! From resources to the network that the prover understands. Must never know
//! how a network is judged.

mod balancers;
mod clusters;
mod escape;
mod fronts;
mod gateways;
mod generated;
mod groups;
mod instance_pools;
mod named;
mod node_pools;
mod routes;
mod rules;
mod services;
mod subnet_tables;
mod traffic;
mod unread;
mod vcns;
mod vnics;

use super::document::Document;
use super::document::inventory::Inventory;
use super::document::text::Texts;
use super::problem::Problem;
use super::references::reader::{Maybe, Names, Reader};
use super::references::resolve::Resolver;
use super::subject::Subject;
use crate::contract::{COMPUTE_INSTANCE, OKE_CLUSTER, SCALABLE_WORKLOAD, VCN};
use crate::prove::network::{GroupKind, Network};
use crate::prove::{Concerns, May, Unknown};
use groups::Draft;
use std::collections::BTreeSet;
use vcns::Parts;

/// # Errors
///
/// If the document has no OCI network.
pub fn read(document: &Document, texts: &Texts) -> Result<Subject, Problem> {
    let inventory = Inventory::new(document)?;
    let resolver = Resolver::new(document, inventory, texts);
    let mut reader = Reader::new(&resolver);
    let mut parts = vcns::read(&mut reader);
    let subnets = groups::subnet_names(&reader, &parts);

    let mut drafts = Vec::new();
    let context = clusters::Context { network: &parts.network, widest: &parts.widest, subnets: &subnets };
    let (mut clusters, unplaced) = clusters::read(&mut reader, &context, &mut drafts);
    let fronts = balancers::read(&mut reader);
    let places = vnics::Subnets { names: &subnets, network: &parts.network, tables: &parts.tables, fronts: &fronts };
    let mut instances = vnics::read(&mut reader, &places, &mut drafts);
    drafts.extend(subnets.iter().map(|(at, name)| other_vnics(*at, name, &parts, &resolver)));
    drafts.extend(without_vnics(&mut reader, &drafts, &parts));

    named::read(&mut reader);
    unread::read(&mut reader);
    whole(&mut reader, document);
    let places = groups::finish(drafts, &mut parts, &reader);
    let of_clusters = clusters.iter_mut().flat_map(|cluster| &mut cluster.vnics).map(|(_, groups)| groups);
    for groups in of_clusters.chain(instances.iter_mut().map(|one| &mut one.groups)) {
        *groups = groups.iter().filter_map(|draft| places.get(*draft)).flatten().copied().collect();
    }
    stateless_nsgs(&mut reader, &parts);
    let mut unknowns = reader.finish();
    settle(&mut unknowns, &parts.network);
    let ours = ours(&resolver);
    // A generated list has what its expression refers to, and nothing else.
    unknowns.iter_mut().filter(|one| one.is_as_named && ours.contains(one.address.as_str())).for_each(|one| {
        one.may = May::Nothing;
    });
    if parts.network.vcns.is_empty() && parts.network.subnets.is_empty() {
        return Err(nothing(document.form.word(), &unknowns));
    }
    let nsgs = resolver.inventory.of_kind("oci_core_network_security_group");
    let nsg_ids = nsgs.filter_map(|(_, nsg)| Some((nsg.text("id")?.to_owned(), nsg.address.to_owned()))).collect();
    let widest = (parts.widest != parts.network).then_some(parts.widest);
    escape::subject(Subject { network: parts.network, widest, clusters, instances, unplaced, unknowns, nsg_ids })
}

/// Names what makes the document itself less than the whole truth.
fn whole(reader: &mut Reader<'_, '_>, document: &Document) {
    let inventory = &reader.resolver.inventory;
    let mut found: Vec<(String, &str, &str, May)> = Vec::new();
    let says = |name: &str, flag: bool| document.part(name).and_then(serde_json::Value::as_bool) == Some(flag);
    if says("errored", true) {
        let why = "the plan ended with an error: what it did not come to is not in it";
        found.push(("plan".to_owned(), "errored", why, May::Either));
    }
    if says("complete", false) {
        let why = "the plan is one of several that are needed: what it defers is not in it";
        found.push(("plan".to_owned(), "complete", why, May::Either));
    }
    let deferred = document.part("deferred_changes").and_then(serde_json::Value::as_array);
    if deferred.is_some_and(|changes| !changes.is_empty()) {
        let why = "what the plan defers is not in it";
        found.push(("plan".to_owned(), "deferred_changes", why, May::Either));
    }
    for address in inventory.deposed.iter().filter(|address| address.contains("oci_")) {
        let why = "an object that was replaced still exists, and is left out";
        found.push(((*address).to_owned(), "deposed", why, May::Open));
    }
    let mut ids = std::collections::HashMap::new();
    for instance in inventory.instances.iter().filter(|one| !one.is_data && one.kind.starts_with("oci_core_")) {
        let Some(id) = instance.text("id") else { continue };
        if let Some(first) = ids.insert(id, instance.address).filter(|_| !instance.kind.ends_with("_attachment")) {
            let why = "another resource manages the same object; which of them wins is not known";
            found.push((first.to_owned(), "id", why, May::Either));
            found.push((instance.address.to_owned(), "id", why, May::Either));
        }
    }
    for (address, attribute, why, may) in found {
        reader.record(Unknown {
            address,
            attribute: attribute.to_owned(),
            why: why.to_owned(),
            may,
            concerns: Concerns::Everything,
            is_as_named: false,
        });
    }
}

/// Widens what concerns VNICs or a subnet that the network has under another
/// name.
fn settle(unknowns: &mut Vec<Unknown>, network: &Network) {
    let names: BTreeSet<_> = network
        .groups
        .iter()
        .flat_map(|group| [Some(group.name.as_str()), group.candidate_of.as_deref()])
        .flatten()
        .collect();
    let subnets: BTreeSet<_> = network.groups.iter().map(|group| group.subnet.as_str()).collect();
    for unknown in unknowns.iter_mut() {
        let wider = match &unknown.concerns {
            Concerns::Group(name) if !names.contains(name.as_str()) => Concerns::Everything,
            Concerns::Subnet(key) if !subnets.contains(key.as_str()) => {
                network.subnets.get(key).map_or(Concerns::Everything, |subnet| Concerns::Vcn(subnet.vcn.clone()))
            }
            _ => continue,
        };
        unknown.concerns = wider;
    }
    unknowns.sort();
    unknowns.dedup();
}

/// The resources that cloudspells generated, but for pools, instances and what
/// these are made from: a spec may give those NSGs of its own, by their OCIDs.
fn ours<'a>(resolver: &Resolver<'a>) -> BTreeSet<&'a str> {
    let kinds = [VCN, OKE_CLUSTER, COMPUTE_INSTANCE, SCALABLE_WORKLOAD];
    let is_ours = |values| kinds.into_iter().any(|kind| groups::spell(values, kind).is_some());
    let all = resolver
        .inventory
        .instances
        .iter()
        .filter(|one| !one.kind.ends_with("_node_pool") && !one.kind.starts_with("oci_core_instance"));
    all.filter(|one| is_ours(one.values)).map(|one| one.address).collect()
}

/// The most groups that are made of NSGs without VNICs.
const MOST_EMPTY: usize = 2000;

/// NSGs without any VNIC in the file: their VNICs come later, or are made
/// elsewhere, in any subnet of their VCN.
fn without_vnics(reader: &mut Reader<'_, '_>, drafts: &[Draft], parts: &Parts) -> Vec<Draft> {
    let resolver = reader.resolver;
    let used: BTreeSet<_> =
        drafts.iter().flat_map(|draft| draft.nsgs.certain.iter().chain(&draft.nsgs.possible)).collect();
    let mut made = Vec::new();
    for (_, nsg) in resolver.inventory.of_kind("oci_core_network_security_group") {
        let has_rules = parts.widest.nsgs.get(nsg.address).is_some_and(|rules| !rules.is_empty());
        if !has_rules || used.contains(&nsg.address.to_owned()) {
            continue;
        }
        let home = resolver.vcn_of(nsg).map(|vcn| resolver.address(vcn));
        let block = resolver.block(nsg);
        let why = "no VNIC here is in this NSG; it is judged in every subnet that could hold one";
        reader.note_as(&block, "vnics", why, May::Nothing);
        for at in parts.subnets.keys() {
            let Some(address) = resolver.inventory.instance(*at).map(|subnet| subnet.address) else { continue };
            let Some(subnet) = parts.widest.subnets.get(address) else { continue };
            if home.as_ref().is_some_and(|home| *home != subnet.vcn) {
                continue;
            }
            if made.len() == MOST_EMPTY {
                reader.note_as(&block, "vnics", "there are too many such NSGs and subnets to judge each", May::Open);
                return made;
            }
            made.push(Draft {
                names: vec![format!("{} in {address}", nsg.address)],
                kind: GroupKind::Role,
                subnet: *at,
                addresses: Vec::new(),
                nsgs: Names { certain: vec![nsg.address.to_owned()], possible: Vec::new() },
                public_ip: Maybe { least: false, most: subnet.public_ips },
                fronts: Vec::new(),
                tables: Vec::new(),
                candidate_of: Some(nsg.address.to_owned()),
            });
        }
    }
    made
}

/// Names what an NSG that a VNIC may be in could close.
fn stateless_nsgs(reader: &mut Reader<'_, '_>, parts: &Parts) {
    for (least, most) in parts.network.groups.iter().zip(&parts.widest.groups) {
        let is_new = |nsg: &&String| !least.nsgs.contains(nsg);
        let found = most.nsgs.iter().filter(is_new).find(|nsg| vcns::has_stateless(&parts.widest.nsgs, nsg));
        if let Some(nsg) = found {
            reader.record(Unknown {
                address: most.name.clone(),
                attribute: "nsg_ids".to_owned(),
                why: format!("if it is in {nsg}, that one's stateless rules take precedence"),
                may: May::Either,
                concerns: Concerns::Group(most.name.clone()),
                is_as_named: false,
            });
        }
    }
}

/// All other VNICs that may be in a subnet.
fn other_vnics(subnet: usize, name: &str, parts: &Parts, resolver: &Resolver<'_>) -> Draft {
    let address = resolver.inventory.instance(subnet).map_or("", |instance| instance.address);
    let allows = |network: &Network| network.subnets.get(address).is_some_and(|subnet| subnet.public_ips);
    Draft {
        names: vec![name.to_owned()],
        kind: GroupKind::Other,
        subnet,
        addresses: Vec::new(),
        nsgs: Names::default(),
        public_ip: Maybe { least: allows(&parts.network), most: allows(&parts.widest) },
        fronts: Vec::new(),
        tables: Vec::new(),
        candidate_of: None,
    }
}

fn nothing(form: &str, unknowns: &[Unknown]) -> Problem {
    let help = match unknowns.iter().find(|one| one.address.contains("oci_core_subnet.")) {
        None => "audit the root module that makes the network".to_owned(),
        Some(one) => format!("{} could not be read: {} {}", one.address, one.attribute, one.why),
    };
    Problem::new(format!("the {form} has no VCN and no subnet, so that there is nothing to audit"), help)
}
