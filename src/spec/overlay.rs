//! Lays one body over another, much as Terraform does with override files: a block
//! of the same type and labels is merged, attribute by attribute, its nested
//! blocks in the same way; any other block is added. Every piece keeps its
//! place in the text that said it.

use hcl_edit::structure::{Block, Body, Structure};
use std::collections::BTreeMap;

/// The base with what the overlay says instead, or says in addition.
pub fn merge(base: Body, overlay: Body) -> Body {
    let mut merged: Vec<Structure> = base.into_iter().collect();
    // Where each attribute is, and the first block of each type and labels. An
    // overlay that has the same block twice merges the first; the second is
    // added, and reported as any name that stands twice.
    let mut places = BTreeMap::new();
    for (index, structure) in merged.iter().enumerate() {
        places.entry(key(structure)).or_insert(index);
    }
    for structure in overlay {
        let place = places.remove(&key(&structure));
        match (place.and_then(|index| merged.get_mut(index)), structure) {
            (Some(Structure::Block(below)), Structure::Block(above)) => {
                below.body = merge(std::mem::take(&mut below.body), above.body);
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
