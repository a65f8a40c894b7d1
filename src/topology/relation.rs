//! `serves` and `served_by`: who connects to whom among the spells of a VCN.
//! Both say the same of two NSGs, and who says it at both ends says it once.

use super::allowance::{Allowed, By, Said};
use super::end::{self, Site};
use super::{NsgId, Topology};
use crate::diagnostic::{At, Diagnostic, Diagnostics, listed};
use crate::name::Name;
use crate::rule::Traffic;
use crate::symbols::{Mention, Symbols};
use std::collections::BTreeMap;

/// An entry of one of the two lists.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The spell whose block it stands in.
    pub owner: Name,
    pub side: Side,
    /// The role of that spell, where the entry says it.
    pub own: Option<At<String>>,
    pub other: At<Mention>,
    pub traffic: Vec<Traffic>,
    pub description: Option<String>,
}

/// Which of its two ends a relation is said at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// By who opens the connections.
    Serves,
    /// By who is connected to.
    ServedBy,
}

impl Side {
    /// The attribute that says it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Serves => "serves",
            Self::ServedBy => "served_by",
        }
    }
}

/// What is the same relation, whoever says it.
type Key = (NsgId, NsgId, Traffic);

/// Every relation once, with the description of its rules; in an order that the
/// spec's does not change.
pub fn resolved(
    relations: &[Relation],
    symbols: &Symbols,
    topology: &Topology,
    diagnostics: &mut Diagnostics,
) -> Vec<(Allowed, String)> {
    let mut relations: Vec<_> = relations.iter().collect();
    // Who opens the connections has the first word.
    relations.sort_by_key(|relation| (relation.side, relation.owner.clone()));
    let mut found: BTreeMap<Key, (Vec<Said>, Option<&str>)> = BTreeMap::new();
    for relation in relations {
        let Some((own, other)) = ends(relation, symbols, topology, diagnostics) else { continue };
        let (from, to) = match relation.side {
            Side::Serves => (own, other),
            Side::ServedBy => (other, own),
        };
        for traffic in &relation.traffic {
            let (said, description) = found.entry((from.clone(), to.clone(), *traffic)).or_default();
            said.push(said_by(relation, topology));
            *description = description.or(relation.description.as_deref());
        }
    }
    let line = |((from, to, traffic), (said, description)): (Key, (Vec<Said>, Option<&str>))| {
        let description = description.map_or_else(|| default_description(&from, &to), str::to_owned);
        (Allowed { from: Site::Nsg(from), to: Site::Nsg(to), traffic: vec![traffic], said }, description)
    };
    found.into_iter().map(line).collect()
}

fn said_by(relation: &Relation, topology: &Topology) -> Said {
    let kind = topology.homes.get(&relation.owner).map_or("", |home| home.kind);
    let by = By::Relation { kind, name: relation.owner.clone(), attribute: relation.side.word() };
    Said { by, span: relation.other.span.clone() }
}

/// The spell's own end, and the other.
fn ends(
    relation: &Relation,
    symbols: &Symbols,
    topology: &Topology,
    diagnostics: &mut Diagnostics,
) -> Option<(NsgId, NsgId)> {
    let Relation { owner, side, other, .. } = relation;
    let home = topology.homes.get(owner)?;
    let own = match (&relation.own, home.nsgs.as_slice()) {
        (Some(word), _) => end::own(word, owner, topology, diagnostics),
        (None, [only]) => Some(only.id.clone()),
        (None, _) => {
            let usual = if *side == Side::Serves { home.opener } else { home.receiver };
            let id = usual.and_then(|role| home.role(role.word)).cloned();
            if id.is_none() {
                diagnostics.push(roleless(relation, home.kind, &home.roles()));
            }
            id
        }
    };
    if other.value.kind == home.kind && other.value.name == *owner {
        diagnostics.push(
            Diagnostic::error(
                other.span.clone(),
                format!("`{}` of {} \"{owner}\" names itself", side.word(), home.kind),
            )
            .label("the block that this stands in")
            .help("a relation is between two spells; among the VNICs of one write an `allow` block"),
        );
        return None;
    }
    let other = end::nsg(other, symbols, topology, diagnostics);
    Some((own?, other?))
}

/// An entry in the block of a spell that could mean several of its roles.
fn roleless(relation: &Relation, kind: &str, roles: &[&str]) -> Diagnostic {
    let Relation { owner, side, other, .. } = relation;
    let key = if *side == Side::Serves { "from" } else { "to" };
    let message = format!("`{}` of {kind} \"{owner}\" does not say which of its VNICs it is about", side.word());
    Diagnostic::error(other.span.clone(), message).label(format!("`{key}` is missing beside it")).help(format!(
        "add `{key} = \"{}\"` to the entry; the roles are {}",
        roles.last().unwrap_or(&"ROLE"),
        listed(roles.iter().copied())
    ))
}

/// What its rules say where the spec says nothing: "Pods of k8s connect to
/// databases of db".
fn default_description(from: &NsgId, to: &NsgId) -> String {
    let end = |id: &NsgId| format!("{} of {}", id.role.vnics, id.owner);
    let text = format!("{} connect to {}", end(from), end(to));
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
