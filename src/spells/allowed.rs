//! What a spec allows beyond the needs of its spells, by `allow` blocks and by
//! relations: its flows, and whether a route carries them.

use super::sketch::{Place, Sketch};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::prove::network::Endpoint;
use crate::prove::{Engine, Flow, Level, Source, Way, obstacle_text, verdict};
use crate::rule::Traffic;
use crate::topology::{Allowed, By, Site, Topology, is_public};
use ipnet::Ipv4Net;

/// Adds a required flow for each.
pub fn add_flows(topology: &Topology, sketch: &mut Sketch) {
    for allowed in topology.allowed() {
        let flows = flows(allowed, sketch);
        if !flows.is_empty() {
            sketch.add_flows(flows);
            continue;
        }
        for cidr in [&allowed.from, &allowed.to].into_iter().filter_map(cidr) {
            sketch.add_unjudged(format!(
                "{}: its rules are written; whether a route leads to and from {cidr} is not said here",
                purpose(allowed)
            ));
        }
    }
}

const fn cidr(site: &Site) -> Option<Ipv4Net> {
    match site {
        Site::Cidr(cidr) => Some(*cidr),
        _ => None,
    }
}

fn flows(allowed: &Allowed, sketch: &Sketch) -> Vec<Flow> {
    let end = |site: &Site| match site {
        Site::Nsg(id) => sketch.find(&Place::Nsg(id.clone())),
        Site::Tier(vcn, tier) => sketch.find(&Place::Tier(vcn.clone(), *tier)),
        Site::Internet => vec![Endpoint::Internet],
        Site::Services => vec![Endpoint::Services],
        Site::Cidr(_) => Vec::new(),
    };
    // Who is on the internet can be told apart there.
    let (from, clients) = match &allowed.from {
        Site::Cidr(cidr) if is_public(*cidr) => (vec![Endpoint::Internet], Some(vec![*cidr])),
        site => (end(site), None),
    };
    let to = end(&allowed.to);
    let source = if allowed.is_relation() { Source::Relation } else { Source::Allow };
    let flow = |from: Endpoint, to: Endpoint, traffic: Traffic| Flow {
        from,
        to,
        clients: clients.clone(),
        traffic: traffic.into(),
        source,
        level: Level::Required,
        purpose: purpose(allowed).into(),
    };
    let pairs = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to)));
    pairs
        .flat_map(|(from, to)| allowed.traffic.iter().map(move |one| (from, to, *one)))
        .map(|(from, to, one)| flow(from, to, one))
        .collect()
}

/// Where the spec asks for it.
fn purpose(allowed: &Allowed) -> String {
    let places = allowed.said.iter().map(|said| match &said.by {
        By::Allow(name) => format!("allow \"{name}\""),
        By::Relation { kind, name, attribute } => format!("{kind} {name}, {attribute}"),
    });
    let mut places: Vec<_> = places.collect();
    places.dedup();
    places.join("; ")
}

/// A relation that no route carries is refused: no rule would ever match.
pub fn check_routes(topology: &Topology, diagnostics: &mut Diagnostics) {
    let mut relations = topology.allowed().iter().filter(|allowed| allowed.is_relation()).peekable();
    if relations.peek().is_none() {
        return;
    }
    let sketch = Sketch::new(topology);
    let engine = Engine::new(&sketch.model.network);
    for relation in relations {
        let flows = flows(relation, &sketch);
        // One port is as good as another to a route.
        let Some(verdict) = flows.first().and_then(|flow| verdict(&engine, flow)) else { continue };
        let (Way::Blocked(obstacle), Some(said)) = (&verdict.path.way, relation.said.first()) else { continue };
        let By::Relation { kind, name, attribute } = &said.by else { continue };
        let message = format!("no route carries `{attribute}` of {kind} \"{name}\": {}", obstacle_text(obstacle));
        diagnostics.push(
            Diagnostic::error(said.span.clone(), message)
                .label("no route leads there")
                .help("a stack's VCNs are not peered; put both into one VCN"),
        );
    }
}
