//! The `allow` block: a rule of the spec's own, between ends that it names. It
//! makes no resource itself: its rules are those of the NSGs and lists at its
//! ends, and its flows are required like any other.

use super::identity::Identity;
use super::ports::{self, Protocol};
use super::sketch::{Place, Sketch};
use super::{Kind, Section, Spell};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::prove::network::Endpoint;
use crate::prove::{Flow, Level, Source};
use crate::rule::Traffic;
use crate::spec::value::{display_name, wrong_type};
use crate::spec::{BlockReader, Field, cidr};
use crate::topology::{Allowance, Draft, End, Name, Site, Topology, is_public};
use hcl_edit::expr::{Expression, TraversalOperator};

pub const KIND: Kind = Kind { block_type: "allow", has_prose_label: true, read };

struct Allow {
    name: At<Name>,
    /// None where the spec's is wrong.
    allowance: Option<Allowance>,
}

fn read(reader: &mut BlockReader<'_>) -> Option<Box<dyn Spell>> {
    let name = reader.name();
    let from = reader.required("from", "k8s.pod", end);
    let to = reader.required("to", "\"10.9.0.0/24\"", end);
    let tcp = reader.optional("tcp", |field, diagnostics| ports(field, Protocol::Tcp, diagnostics));
    let udp = reader.optional("udp", |field, diagnostics| ports(field, Protocol::Udp, diagnostics));
    let is_bare = !reader.has("tcp") && !reader.has("udp");
    if is_bare {
        reader.diagnostics.push(
            Diagnostic::error(name.span.clone(), format!("{} does not say which traffic", reader.title()))
                .label("neither `tcp` nor `udp`")
                .help("add `tcp = [1521]`, or `tcp = \"all\"`"),
        );
    }
    let said = reader.optional("description", display_name);
    let description = said.map_or_else(|| format!("Allowed by allow \"{}\"", name.value), |at| at.value);
    let traffic: Vec<_> = [tcp, udp].into_iter().flatten().flat_map(|at| at.value).collect();
    let allowance = || Some(Allowance { name: name.clone(), from: from?, to: to?, traffic, description });
    Some(Box::new(Allow { allowance: allowance(), name }))
}

/// An end: `k8s.pod`, `lab.private`, a CIDR, `internet` or `services`.
fn end(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<End> {
    const EXAMPLE: &str = "k8s.pod, lab.private, \"10.9.0.0/24\", internet or services";
    let word = match field.expression {
        Expression::Variable(word) => Some(word.as_str()),
        Expression::String(text) if !text.as_str().contains(['.', ':', '/']) => Some(text.as_str()),
        _ => None,
    };
    match (word, field.expression) {
        (Some("internet"), _) => Some(End::Internet),
        (Some("services"), _) => Some(End::Services),
        (None, Expression::String(_)) => cidr::any(field, diagnostics).map(End::Cidr),
        (None, Expression::Traversal(traversal)) => member(traversal),
        _ => None,
    }
    .or_else(|| {
        if !matches!((word, field.expression), (None, Expression::String(_))) {
            diagnostics.push(wrong_type(field, "a role, a tier, a CIDR, `internet` or `services`", EXAMPLE));
        }
        None
    })
}

fn member(traversal: &hcl_edit::expr::Traversal) -> Option<End> {
    let root = traversal.expr.as_variable()?;
    let [operator] = traversal.operators.as_slice() else { return None };
    let TraversalOperator::GetAttr(word) = operator.value() else { return None };
    Some(End::Member(Name::parse(root.as_str()).ok()?, word.as_str().to_owned()))
}

/// Ports: numbers from 1 to 65535 and ranges such as "8000-8100"; or `"all"`.
fn ports(field: &Field<'_>, protocol: Protocol, diagnostics: &mut Diagnostics) -> Option<Vec<Traffic>> {
    const EXAMPLE: &str = "[443, \"8000-8100\"], or \"all\"";
    if field.expression.as_str() == Some("all") {
        return Some(vec![protocol.traffic(None)]);
    }
    ports::list(field, protocol, EXAMPLE, diagnostics)
}

impl Spell for Allow {
    fn identity(&self) -> Option<&Identity> {
        None
    }

    fn contribute(&self, draft: &mut Draft<'_>, _: &mut Diagnostics) {
        if let Some(allowance) = &self.allowance {
            draft.add_allowance(allowance.clone());
        }
    }

    fn build(&self, _: &Topology, _: &mut Graph) {}

    fn section(&self, _: &Topology) -> Option<Section> {
        None
    }

    fn flows(&self, topology: &Topology, sketch: &mut Sketch) {
        let name = &self.name.value;
        let Some(allowed) = topology.allowed(name) else { return };
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
        let pairs: Vec<_> = from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to))).collect();
        if !pairs.is_empty() {
            let flow = |traffic: &Traffic, (from, to): &(Endpoint, Endpoint)| Flow {
                from: *from,
                to: *to,
                clients: clients.clone(),
                traffic: (*traffic).into(),
                source: Source::Allow,
                level: Level::Required,
                purpose: format!("allow \"{name}\"").into(),
            };
            let flows = pairs.iter().flat_map(|pair| allowed.traffic.iter().map(move |traffic| flow(traffic, pair)));
            sketch.add_flows(flows.collect::<Vec<_>>());
            return;
        }
        let cidrs = [&allowed.from, &allowed.to].into_iter().filter_map(|site| match site {
            Site::Cidr(cidr) => Some(*cidr),
            _ => None,
        });
        for cidr in cidrs.collect::<Vec<_>>() {
            sketch.add_unjudged(format!(
                "allow \"{name}\": its rules are written; whether a route leads to and from {cidr} is not said here"
            ));
        }
    }
}
