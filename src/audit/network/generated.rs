//! Instances that cloudspells generated: those of one spell have one name, as in
//! its spec, wherever each of them is.

use super::groups::{Draft, Placement, spell, spread, wishes};
use crate::audit::document::inventory::Instance;
use crate::audit::subject::Instances;
use crate::contract::compute::{self, ROLE_TAG};
use crate::contract::{self, COMPUTE_INSTANCE};
use crate::prove::network::GroupKind;
use crate::role::Role;
use std::collections::BTreeMap;

/// The instances of a spell: their role, and where each is, with its address.
type Found = (&'static Role, Vec<(Placement, String)>);

/// By their names, from the shortest to the longest.
#[derive(Default)]
pub struct Generated(BTreeMap<Vec<String>, Found>);

impl Generated {
    /// Takes the placements of an instance of ours; gives back those of others.
    pub fn take(&mut self, instance: &Instance<'_>, found: Vec<Placement>) -> Option<Vec<Placement>> {
        let Some((name, role)) = role(instance) else { return Some(found) };
        let names = wishes(Some(contract::role_group(name, role)), own_block(instance.address));
        let placed = &mut self.0.entry(names).or_insert_with(|| (role, Vec::new())).1;
        placed.extend(found.into_iter().map(|placement| (placement, instance.address.to_owned())));
        None
    }

    /// Adds the drafts of their groups.
    pub fn finish(self, subnets: &BTreeMap<usize, String>, drafts: &mut Vec<Draft>) -> Vec<Instances> {
        let add = |(names, (role, placed)): (Vec<String>, Found)| {
            let first = drafts.len();
            drafts.extend(spread(&names, GroupKind::Role, &placed, subnets));
            Instances { role: role.word, groups: (first..drafts.len()).collect() }
        };
        self.0.into_iter().map(add).collect()
    }
}

/// The name and the role of an instance in its spec, by its tags.
fn role<'a>(instance: &Instance<'a>) -> Option<(&'a str, &'static Role)> {
    let name = (instance.kind == "oci_core_instance").then(|| spell(instance.values, COMPUTE_INSTANCE)).flatten()?;
    let word = instance.values.get("freeform_tags")?.get(ROLE_TAG)?.as_str()?;
    let role = compute::INSTANCES.into_iter().find(|role| role.word == word)?;
    Some((name, role))
}

/// The address of an instance's block: without the index at its end.
fn own_block(address: &str) -> &str {
    match address.rsplit_once('[') {
        Some((block, index)) if index.ends_with(']') && !index.contains('.') => block,
        _ => address,
    }
}
