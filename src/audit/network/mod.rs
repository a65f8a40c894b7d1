//! From resources to the network that the prover understands. Must never know
//! how a network is judged.

mod clusters;
mod escape;
mod groups;
mod routes;
mod rules;
mod services;
mod vcns;
mod vnics;

use super::document::Document;
use super::document::inventory::Inventory;
use super::document::text::Texts;
use super::problem::Problem;
use super::references::reader::Reader;
use super::references::resolve::Resolver;
use super::subject::Subject;
use crate::prove::network::{GroupKind, Network};
use crate::prove::{Concerns, May, Unknown};
use groups::Draft;
use std::collections::BTreeSet;

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
    let context = clusters::Context { network: &parts.network, subnets: &subnets };
    let (clusters, unplaced) = clusters::read(&mut reader, &context, &mut drafts);
    let places = vnics::Subnets { names: &subnets, network: &parts.network };
    vnics::read(&mut reader, &places, &mut drafts);
    drafts.extend(subnets.iter().map(|(at, name)| other_vnics(*at, name, &parts.network, &resolver)));

    parts.network.groups = groups::finish(drafts, &parts, &reader);
    let mut unknowns = reader.finish();
    unknowns.extend(without_vnics(&parts.network));
    unknowns.sort();
    if parts.network.vcns.is_empty() && parts.network.subnets.is_empty() {
        return Err(nothing(document.form.word(), &unknowns));
    }
    let nsgs = resolver.inventory.of_kind("oci_core_network_security_group");
    let nsg_ids = nsgs.filter_map(|(_, nsg)| Some((nsg.text("id")?.to_owned(), nsg.address.to_owned()))).collect();
    escape::subject(Subject { network: parts.network, widest: None, clusters, unplaced, unknowns, nsg_ids })
}

/// NSGs with rules but without any known VNIC.
fn without_vnics(network: &Network) -> impl Iterator<Item = Unknown> {
    let used: BTreeSet<_> = network.groups.iter().flat_map(|group| &group.nsgs).collect();
    let unused = network.nsgs.iter().filter(|(nsg, rules)| !used.contains(nsg) && !rules.is_empty());
    let unused: Vec<_> = unused.map(|(nsg, _)| nsg.clone()).collect();
    unused.into_iter().map(|address| Unknown {
        address,
        attribute: "vnics".to_owned(),
        why: "no VNIC here is in this NSG; what its rules open is left out".to_owned(),
        may: May::Open,
        concerns: Concerns::Everything,
        is_as_named: false,
    })
}

/// All other VNICs that may be in a subnet.
fn other_vnics(subnet: usize, name: &str, network: &Network, resolver: &Resolver<'_>) -> Draft {
    let address = resolver.inventory.instance(subnet).map_or("", |instance| instance.address);
    Draft {
        names: vec![name.to_owned()],
        kind: GroupKind::Other,
        subnet,
        addresses: Vec::new(),
        nsgs: Vec::new(),
        public_ip: network.subnets.get(address).is_some_and(|subnet| subnet.public_ips),
    }
}

fn nothing(form: &str, unknowns: &[Unknown]) -> Problem {
    let help = match unknowns.iter().find(|one| one.address.contains("oci_core_subnet.")) {
        None => "audit the root module that makes the network".to_owned(),
        Some(one) => format!("{} could not be read: {} {}", one.address, one.attribute, one.why),
    };
    Problem::new(format!("the {form} has no VCN and no subnet, so that there is nothing to audit"), help)
}
