//! The `allow` block: a rule of the spec's own, between ends that it names. It
//! makes no resource itself: its rules are those of the NSGs and lists at its
//! ends, and its flows are required like any other (`allowed`).

use super::identity::Identity;
use super::ports::{self, Protocol};
use super::{Kind, Section, Spell};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::graph::Graph;
use crate::rule::Traffic;
use crate::spec::value::{display_name, mentioned, path, wrong_type};
use crate::spec::{BlockReader, Field, cidr};
use crate::topology::{Allowance, Draft, End, Name, Topology};
use hcl_edit::expr::Expression;

pub const KIND: Kind = Kind { block_type: "allow", has_prose_label: true, has_vnics: false, read };

struct Allow {
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
    let allowance = || Some(Allowance { name, from: from?, to: to?, traffic, description });
    Some(Box::new(Allow { allowance: allowance() }))
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
        (None, expression) => member(expression),
        _ => None,
    }
    .or_else(|| {
        if !matches!((word, field.expression), (None, Expression::String(_))) {
            diagnostics.push(wrong_type(field, "a role, a tier, a CIDR, `internet` or `services`", EXAMPLE));
        }
        None
    })
}

/// `k8s.pod` or `lab.private`; with its kind, `oke_cluster.k8s.pod`.
fn member(expression: &Expression) -> Option<End> {
    match path(expression)?.as_slice() {
        [name, word] => Some(End::Member(Name::parse(name).ok()?, (*word).to_owned())),
        _ => mentioned(expression).map(End::Mention),
    }
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
}
