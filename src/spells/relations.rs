//! `serves` and `served_by`, for every spell that has VNICs: who connects to
//! whom. What they become is in `topology`.

use super::ports::{self, Protocol};
use crate::diagnostic::{At, Diagnostic, Diagnostics};
use crate::spec::list::items;
use crate::spec::object::members;
use crate::spec::value::{display_name, mentioned, path, string, wrong_type};
use crate::spec::{BlockReader, Field};
use crate::symbols::Mention;
use crate::topology::{Name, Relation, Side};
use hcl_edit::expr::Expression;

const KEYS: [&str; 5] = ["from", "to", "tcp", "udp", "description"];

pub fn read(reader: &mut BlockReader<'_>) -> Vec<Relation> {
    let owner = reader.name().value;
    let serves = reader.optional("serves", |field, diagnostics| list(field, Side::Serves, &owner, diagnostics));
    let served_by = reader.optional("served_by", |field, diagnostics| list(field, Side::ServedBy, &owner, diagnostics));
    [serves, served_by].into_iter().flatten().flat_map(|at| at.value).collect()
}

const fn example(side: Side) -> &'static str {
    match side {
        Side::Serves => "[{ to = compute_instance.db, tcp = [1521] }]",
        Side::ServedBy => "[{ from = oke_cluster.k8s.pod, tcp = [1521] }]",
    }
}

fn list(field: &Field<'_>, side: Side, owner: &Name, diagnostics: &mut Diagnostics) -> Option<Vec<Relation>> {
    items(field, example(side), diagnostics, |item, diagnostics| relation(item, side, owner, diagnostics))
}

fn relation(item: &Field<'_>, side: Side, owner: &Name, diagnostics: &mut Diagnostics) -> Option<Relation> {
    let (own_key, other_key) = match side {
        Side::Serves => ("from", "to"),
        Side::ServedBy => ("to", "from"),
    };
    let members = members(item, &KEYS, example(side), diagnostics)?;
    let find = |key: &str| members.iter().find(|(name, _)| *name == key).map(|(_, field)| field);
    let other = match find(other_key) {
        Some(field) => mention(field, side, diagnostics),
        None => {
            let message = format!("{} of {} lacks `{other_key}`", item.subject, item.owner);
            diagnostics.push(
                Diagnostic::error(item.span.clone(), message)
                    .label("who is at the other end?")
                    .help(format!("write for example {}", example(side))),
            );
            None
        }
    };
    let own = find(own_key).map(|field| own_role(field, diagnostics));
    let description = find("description").map(|field| display_name(field, diagnostics));
    let mut ports =
        |key, protocol| find(key).map(|field| ports::list(field, protocol, "[1521, \"8000-8100\"]", diagnostics));
    let traffic = [ports("tcp", Protocol::Tcp), ports("udp", Protocol::Udp)];
    if traffic.iter().all(Option::is_none) {
        let message = format!("{} of {} does not say which ports", item.subject, item.owner);
        diagnostics.push(
            Diagnostic::error(item.span.clone(), message).label("neither `tcp` nor `udp`").help("add `tcp = [1521]`"),
        );
        return None;
    }
    // What is there and wrong is None inside.
    let traffic: Option<Vec<_>> = traffic.into_iter().flatten().collect();
    Some(Relation {
        owner: owner.clone(),
        side,
        own: own.map_or(Some(None), |own| own.map(Some))?,
        other: other?,
        traffic: traffic?.into_iter().flatten().collect(),
        description: description.map_or(Some(None), |text| text.map(Some))?,
    })
}

/// The role of the block's own spell, by its word.
fn own_role(field: &Field<'_>, diagnostics: &mut Diagnostics) -> Option<At<String>> {
    if let Some(role) = path(field.expression).and_then(|path| path.last().copied()) {
        diagnostics.push(
            wrong_type(field, "a role of this block, in quotes", "\"pod\"")
                .help(format!("write the role alone: \"{role}\"")),
        );
        return None;
    }
    let word = string("\"pod\"")(field, diagnostics)?;
    Some(At::new(word, field.span.clone()))
}

/// The other end: `compute_instance.db` or `oke_cluster.k8s.pod`.
fn mention(field: &Field<'_>, side: Side, diagnostics: &mut Diagnostics) -> Option<At<Mention>> {
    let found = mentioned(field.expression);
    if found.is_none() {
        let expected = "a reference to a spell of this spec, KIND.NAME or KIND.NAME.ROLE";
        let diagnostic = wrong_type(field, expected, "compute_instance.db or oke_cluster.k8s.pod");
        diagnostics.push(match field.expression.as_str() {
            Some(text) if is_mention(text) => diagnostic.help(format!("write {text}, without quotes")),
            Some(text) if text.contains(['.', ':']) => {
                diagnostic.help("for an address range write an `allow` block: `serves` is between spells")
            }
            _ if matches!(field.expression, Expression::Variable(word) if word.as_str() == "internet") => {
                diagnostic.help("for the internet write an `allow` block: `serves` is between spells")
            }
            _ => diagnostic.help(format!("write for example {}", example(side))),
        });
    }
    found.map(|mention| At::new(mention, field.span.clone()))
}

/// Whether a text would be a reference without its quotes.
fn is_mention(text: &str) -> bool {
    text.contains('.') && text.split('.').all(|part| Name::parse(part).is_ok())
}
