//! From the output of `tofu show -json` to the network that the prover
//! understands. Pure; must never know how a network is judged.

mod address;
mod block;
mod clusters;
mod configuration;
mod document;
mod groups;
mod harmless;
mod inventory;
mod kind;
mod pick;
mod problem;
mod reader;
mod resolve;
mod routes;
mod rules;
mod services;
mod text;
mod trace;
mod unplaced;
mod vcns;
mod vnics;

use crate::prove::network::{GroupKind, Network};
use configuration::Configuration;
use document::Document;
use groups::Draft;
use inventory::Inventory;
use reader::Reader;
use resolve::Resolver;
use serde::Serialize;
use std::collections::BTreeSet;

pub use document::LARGEST;
pub use problem::Problem;
pub use text::Texts;
pub use unplaced::{Role, Unplaced};

/// What an audit is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    pub network: Network,
    /// In the order of their addresses.
    pub clusters: Vec<Cluster>,
    /// What the clusters have but what has no place, sorted.
    pub unplaced: Vec<Unplaced>,
    /// Everything that matters and could not be resolved, sorted.
    pub unresolved: Vec<Unresolved>,
}

impl Subject {
    /// A line for each thing that clusters have and that could not be judged:
    /// whatever is proven of the rest, nothing is of this.
    pub fn unjudged(&self) -> Vec<String> {
        self.unplaced.iter().map(Unplaced::line).collect()
    }
}

/// An OKE cluster, and the groups of VNICs that it has, by their places in
/// [`Network::groups`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The name in its spec, where cloudspells generated it, with its module in
    /// front where several have that name; else its address.
    pub name: String,
    pub address: String,
    /// Whether cloudspells generated it, by its tags.
    pub is_generated: bool,
    pub pod_networking: PodNetworking,
    pub api: Vec<usize>,
    pub lb: Vec<usize>,
    pub worker: Vec<usize>,
    pub pod: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodNetworking {
    /// Pods have VNICs and addresses of the VCN.
    VcnNative,
    /// Pods are hidden behind their worker's address.
    Overlay,
}

/// Something that matters and is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unresolved {
    /// The resource.
    pub address: String,
    /// The path of the attribute in it, such as `route_rules[0].destination`.
    pub attribute: String,
    /// What is not known about it, and what follows from that.
    pub why: String,
    /// Whether it is a list that is taken to be all that it names, which the
    /// module's text would make certain.
    #[serde(skip)]
    pub is_as_named: bool,
}

/// What `tofu show -json` printed of a plan or of a state; Terraform's too.
pub struct Shown(Document);

impl Shown {
    /// # Errors
    ///
    /// Says what the text is instead.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Document::parse(text).map(Self)
    }

    /// The directories of the modules in a plan, as far as it says where they
    /// are, seen from the root module's, which is the empty text.
    pub fn directories(&self) -> BTreeSet<String> {
        let mut all = Configuration::new(self.0.part("configuration"), None).directories();
        all.insert(String::new());
        all
    }

    /// What there is to audit. With the text of the modules, more is certain
    /// of a plan.
    ///
    /// # Errors
    ///
    /// If there is no network of OCI in it.
    pub fn subject(&self, texts: &Texts) -> Result<Subject, Problem> {
        subject(&self.0, texts)
    }
}

/// Reads the JSON that `tofu show -json` prints, without the text of modules.
///
/// # Errors
///
/// Says what the text is instead, or that there is no network of OCI in it.
pub fn read(text: &str) -> Result<Subject, Problem> {
    Shown::parse(text)?.subject(&Texts::default())
}

fn subject(document: &Document, texts: &Texts) -> Result<Subject, Problem> {
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
    let mut unresolved = reader.finish();
    unresolved.extend(without_vnics(&parts.network));
    unresolved.sort();
    if parts.network.vcns.is_empty() && parts.network.subnets.is_empty() {
        return Err(nothing(document.form.word(), &unresolved));
    }
    harmless::subject(Subject { network: parts.network, clusters, unplaced, unresolved })
}

/// The NSGs whose VNICs are not here, or not yet.
fn without_vnics(network: &Network) -> impl Iterator<Item = Unresolved> {
    let used: BTreeSet<_> = network.groups.iter().flat_map(|group| &group.nsgs).collect();
    let unused = network.nsgs.iter().filter(|(nsg, rules)| !used.contains(nsg) && !rules.is_empty());
    let unused: Vec<_> = unused.map(|(nsg, _)| nsg.clone()).collect();
    unused.into_iter().map(|address| Unresolved {
        address,
        attribute: "vnics".to_owned(),
        why: "no VNIC here is in this NSG; what its rules open is left out".to_owned(),
        is_as_named: false,
    })
}

/// All other VNICs that are or will be in a subnet.
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

fn nothing(form: &str, unresolved: &[Unresolved]) -> Problem {
    let help = match unresolved.iter().find(|one| one.address.contains("oci_core_subnet.")) {
        None => "audit the root module that makes the network".to_owned(),
        Some(one) => format!("{} could not be read: {} {}", one.address, one.attribute, one.why),
    };
    Problem::new(format!("the {form} has no VCN and no subnet, so that there is nothing to audit"), help)
}
