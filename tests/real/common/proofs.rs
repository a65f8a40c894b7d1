//! The prover's answers from a spec, held against its answers from what
//! OpenTofu or Terraform shows of the same stack.

use cloudspells::audit::{Shown, Subject, Texts};
use cloudspells::prove::network::Endpoint;
use cloudspells::prove::{Engine, ExposureLine, FlowLine, Model, Report, Source};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// Who reaches whom, and by which rules each flow of a cluster is carried,
/// must be the same. `root` is where the text of the root module is. Gives the
/// number of pairs compared.
pub fn assert_same(model: &Model, shown: &Value, root: &Path, what: &str) -> usize {
    let mut subject = subject(&shown.to_string(), root, what);
    // What the cloud controller opens in its NSG is nowhere: the audit says so,
    // and a spec's proof that it does not judge it. All else must be the same.
    subject.unknowns.retain(|one| !one.attribute.ends_with("backend_nsg_ids"));
    // What is not known of a spec either.
    let is_ours = |address: &str, attribute: &str| {
        model.unknowns.iter().any(|one| one.address == block(address) && attribute.starts_with(&one.attribute))
    };
    // A plan does not say what a `dynamic` block refers to; a cluster without
    // node pools has NSGs that nobody is in.
    let unknown: Vec<_> = subject
        .unknowns
        .iter()
        .filter(|one| !is_placement(&one.attribute) && one.attribute != "vnics")
        .filter(|one| !is_ours(&one.address, &one.attribute))
        .collect();
    assert!(unknown.is_empty(), "{what}: {unknown:#?}");
    let theirs = subject.into_model();
    // What a spec allows beyond what its clusters need is in no plan.
    let mut needed = model.clone();
    needed.flows.retain(|flow| flow.source != Source::Allow);
    // An audit says of an NSG that is not there that it may do anything.
    if model.unknowns.is_empty() {
        assert_same_flows(&needed, &theirs, what);
    }
    let endpoints: Vec<_> = names(model).into_iter().filter_map(|name| both(model, &theirs, &name)).collect();
    let (ours_engine, their_engine) = (Engine::new(&model.network), Engine::new(&theirs.network));
    let mut pairs = 0;
    for (from, their_from) in &endpoints {
        for (to, their_to) in &endpoints {
            let (ours, theirs) = (regions(&ours_engine, *from, *to), regions(&their_engine, *their_from, *their_to));
            let names = (model.network.name(*from), model.network.name(*to));
            assert_eq!(ours, theirs, "{what}: {} to {}", names.0, names.1);
            pairs += 1;
        }
    }
    // An NSG that nobody is in is judged where VNICs of it could be.
    let is_empty_nsg = |name: &str| name.starts_with("oci_core_network_security_group.");
    let unmatched: Vec<_> = names(&theirs)
        .into_iter()
        .filter(|name| {
            model.endpoint(name).is_none() && !is_empty_nsg(name.rsplit("module.stack.").next().unwrap_or(name))
        })
        .collect();
    assert!(unmatched.is_empty(), "{what}: only the audit knows {unmatched:?}");
    pairs
}

/// What `cloudspells audit --dir ROOT` reads.
pub fn subject(shown: &str, root: &Path, what: &str) -> Subject {
    let shown = Shown::parse(shown).unwrap_or_else(|problem| panic!("{what}: {problem}"));
    let mut texts = Texts::default();
    for directory in shown.directories() {
        for path in super::tf_files(&root.join(&directory)) {
            let text = std::fs::read_to_string(&path).expect("a module's text can be read");
            texts.add(&directory, &text).unwrap_or_else(|problem| panic!("{what}: {}: {problem}", path.display()));
        }
    }
    shown.subject(&texts).unwrap_or_else(|problem| panic!("{what}: {problem}"))
}

fn names(model: &Model) -> Vec<String> {
    let groups = model.network.groups.iter().map(|group| group.name.clone());
    groups.chain(["internet".to_owned(), "services".to_owned()]).collect()
}

/// An endpoint in both. Only a cluster without node pools has fewer groups
/// in a plan: a spec says where its workers and pods will be.
fn both(model: &Model, theirs: &Model, name: &str) -> Option<(Endpoint, Endpoint)> {
    let ours = model.endpoint(name).expect("it is ours");
    let found = theirs.endpoint(name);
    let may_lack = name.ends_with(".worker") || name.ends_with(".pod");
    assert!(found.is_some() || may_lack, "the audit has no {name}");
    Some((ours, found?))
}

fn regions(engine: &Engine<'_>, from: Endpoint, to: Endpoint) -> BTreeSet<String> {
    engine.reach(from, to).regions.iter().map(|region| format!("{region:?}")).collect()
}

/// A flow in words: what it is, whether it passes, and the rules that carry
/// it, whatever module they are in.
fn flow(line: &FlowLine) -> (String, BTreeSet<String>) {
    let FlowLine { result, from, to, clients, traffic, purpose, .. } = line;
    let rules = line.egress.iter().chain(&line.ingress);
    (
        format!("{result:?} {from} {clients:?} {to} {traffic} {purpose}"),
        rules.map(|rule| plain(&rule.address)).collect(),
    )
}

/// An exposure in words, whatever module its rules are in.
fn exposure(line: &ExposureLine) -> (String, BTreeSet<String>) {
    let ExposureLine { severity, from, senders, to, receivers, traffic, opened_by, .. } = line;
    let (from, to): (BTreeSet<_>, BTreeSet<_>) = (from.iter().collect(), to.iter().collect());
    let rules = opened_by.iter().map(|rule| format!("{} {}", plain(&rule.address), plain(&rule.rule)));
    (format!("{severity:?} {from:?} {senders:?} {to:?} {receivers:?} {traffic}"), rules.collect())
}

/// An address without the module of a caller.
fn plain(address: &str) -> String {
    address.replace("module.stack.", "")
}

/// The block of a resource that has a `count`.
fn block(address: &str) -> String {
    let plain = plain(address);
    plain
        .strip_suffix(']')
        .and_then(|whole| whole.rsplit_once('['))
        .map_or(plain.clone(), |(block, _)| block.to_owned())
}

/// Every flow that the audit expects is expected of the spec, too, with the
/// same result. Where the audit knows all groups, it expects all flows, and
/// finds all exposures.
fn assert_same_flows(model: &Model, theirs: &Model, what: &str) {
    let is_whole = model.network.groups.len() == theirs.network.groups.len();
    let (ours, theirs) = (Report::new(model), Report::new(theirs));
    if is_whole {
        let exposures = |report: &Report| report.exposures.iter().map(exposure).collect::<BTreeSet<_>>();
        assert_eq!(exposures(&ours), exposures(&theirs), "{what}");
        assert_eq!(ours.flows.len(), theirs.flows.len(), "{what}");
    }
    let ours: BTreeSet<_> = ours.flows.iter().map(flow).collect();
    for line in theirs.flows.iter().map(flow) {
        assert!(ours.contains(&line), "{what}: only the audit says {line:#?}");
    }
}

/// Whether an attribute is a `dynamic` block of ours, which a plan says little of.
pub fn is_placement(attribute: &str) -> bool {
    ["placement_configs", "placement_configurations"].iter().any(|name| attribute.ends_with(name))
}
