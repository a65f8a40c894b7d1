//! Lays one body over another, much as Terraform does with override files: a block
//! of the same type and labels is merged, attribute by attribute, its nested
//! blocks in the same way; any other block is added. Every piece keeps its
//! place in the text that said it.

use crate::diagnostic::{Diagnostic, Diagnostics, Span, nearest, quoted};
use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body, Structure};
use std::collections::BTreeMap;

/// The base with what the overlay says instead, or says in addition. Reports
/// blocks that the overlay itself has twice, and those that it adds under a name
/// that is nearly one of the base's.
pub fn merge(base: Body, overlay: Body, diagnostics: &mut Diagnostics) -> Body {
    let mut merged: Vec<Structure> = base.into_iter().collect();
    // Where each attribute is, and the first block of each type and labels.
    let mut places = BTreeMap::new();
    for (index, structure) in merged.iter().enumerate() {
        places.entry(key(structure)).or_insert(index);
    }
    let labels: Vec<_> =
        merged.iter().filter_map(labelled).map(|(kind, label, _)| (kind.to_owned(), label.to_owned())).collect();
    let mut seen = BTreeMap::new();
    for structure in overlay {
        let place = places.remove(&key(&structure));
        if let Some((kind, label, span)) = labelled(&structure) {
            if let Some(first) = seen.insert(key(&structure), span.clone()) {
                diagnostics.push(twice(kind, label, span, first));
                continue;
            }
            let alike = labels.iter().filter(|(other, _)| other == kind).map(|(_, label)| label.as_str());
            if place.is_none()
                && let Some(near) = nearest(label, alike).filter(|near| is_slip(label, near))
            {
                diagnostics.push(
                    Diagnostic::warning(span, format!("this overlay adds {kind} {}", quoted(label)))
                        .label(format!("did you mean {}?", quoted(near)))
                        .help("only a block of the same type and name is laid over the base's"),
                );
            }
        }
        match (place.and_then(|index| merged.get_mut(index)), structure) {
            (Some(Structure::Block(below)), Structure::Block(above)) => {
                below.body = merge(std::mem::take(&mut below.body), above.body, diagnostics);
            }
            (Some(below), above) => *below = above,
            (None, above) => merged.push(above),
        }
    }
    let mut body = Body::new();
    // Within one text the parser lets no attribute stand twice.
    merged.into_iter().for_each(|structure| body.push(structure));
    body
}

/// Whether one name is easily mistyped for the other. Digits count blocks: `pool2`
/// beside `pool1` is meant.
fn is_slip(name: &str, other: &str) -> bool {
    let letters = |name: &str| name.replace(|c: char| c.is_ascii_digit(), "");
    let longest = name.len().max(other.len());
    letters(name) != letters(other) && strsim::osa_distance(name, other) <= longest / 4
}

/// A block that has a name: its type, its name, and where that stands.
fn labelled(structure: &Structure) -> Option<(&str, &str, Span)> {
    let block = structure.as_block()?;
    let label = block.labels.first()?;
    Some((block.ident.as_str(), label.as_str(), label.span().unwrap_or_default()))
}

fn twice(kind: &str, label: &str, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error(span, format!("two `{kind}` blocks of this overlay are named {}", quoted(label)))
        .label("this name is taken")
        .related(first, "first used here")
        .help("an overlay says each block once: put both into one")
}

/// What two pieces have in common that are the same: its kind, and its names.
fn key(structure: &Structure) -> (bool, Vec<String>) {
    match structure {
        Structure::Attribute(attribute) => (false, vec![attribute.key.as_str().to_owned()]),
        Structure::Block(Block { ident, labels, .. }) => {
            let labels = labels.iter().map(|label| label.as_str().to_owned());
            (true, std::iter::once(ident.as_str().to_owned()).chain(labels).collect())
        }
    }
}
