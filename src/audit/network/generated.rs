//! Instances and load balancers that cloudspells generated: those of one spell
//! have one name, as in its spec, wherever each of them is.

use super::groups::{Draft, Placement, spell, spread, wishes};
use crate::audit::document::block::{Attribute, Block, Blocks, Source};
use crate::audit::document::inventory::Instance;
use crate::audit::references::reader::Reader;
use crate::audit::subject::Instances;
use crate::contract::compute::{self, ROLE_TAG};
use crate::contract::{self, COMPUTE_INSTANCE, NEEDS_TAG, SCALABLE_WORKLOAD};
use crate::prove::May;
use crate::prove::network::GroupKind;
use crate::role::Role;
use std::collections::BTreeMap;

/// What is there of each name, which is from the shortest to the longest.
#[derive(Default)]
pub struct Generated(BTreeMap<Vec<String>, Found>);

struct Found {
    role: &'static Role,
    owner: String,
    needs: Option<String>,
    /// Where its VNICs are, with the address of what has them.
    placed: Vec<(Placement, String)>,
}

impl Generated {
    /// Takes the placements of an instance of ours; gives back those of others.
    pub fn take(&mut self, instance: &Instance<'_>, found: Vec<Placement>) -> Option<Vec<Placement>> {
        let Some((name, role)) = role(instance) else { return Some(found) };
        let names = wishes(Some(contract::role_group(name, role)), own_block(instance.address));
        let new = || Found {
            role,
            // In each module that calls it, another one.
            owner: format!("{} {name}", instance.address.rsplit_once(".oci_").map_or("", |(module, _)| module)),
            needs: tag(instance, NEEDS_TAG).map(str::to_owned),
            placed: Vec::new(),
        };
        self.0
            .entry(names)
            .or_insert_with(new)
            .placed
            .extend(found.into_iter().map(|placement| (placement, instance.address.to_owned())));
        None
    }

    /// Adds the drafts of their groups.
    pub fn finish(self, subnets: &BTreeMap<usize, String>, drafts: &mut Vec<Draft>) -> Vec<Instances> {
        let add = |(names, found): (Vec<String>, Found)| {
            let first = drafts.len();
            drafts.extend(spread(&names, GroupKind::Role, &found.placed, subnets));
            let Found { role, owner, needs, .. } = found;
            Instances { role: role.word, owner, needs, groups: (first..drafts.len()).collect() }
        };
        self.0.into_iter().map(add).collect()
    }
}

/// The name and the role of a resource's VNICs in its spec, by its tags.
fn role<'a>(instance: &Instance<'a>) -> Option<(&'a str, &'static Role)> {
    let workload = |role| Some((spell(instance.values, SCALABLE_WORKLOAD)?, role));
    match instance.kind {
        "oci_core_instance" => {
            let name = spell(instance.values, COMPUTE_INSTANCE)?;
            let word = tag(instance, ROLE_TAG)?;
            Some((name, compute::INSTANCES.into_iter().find(|role| role.word == word)?))
        }
        "oci_load_balancer_load_balancer" | "oci_network_load_balancer_network_load_balancer" => workload(&compute::LB),
        "oci_core_instance_pool" => workload(&compute::INSTANCE),
        _ => None,
    }
}

/// A tag of a resource.
pub fn tag<'a>(instance: &Instance<'a>, name: &str) -> Option<&'a str> {
    instance.values.get("freeform_tags")?.get(name)?.as_str()
}

/// The subnet of the instances of a pool of ours whose placement a plan does not
/// show: that of its tier, in the VCN of its NSG.
pub fn hidden_subnets<'a>(
    reader: &mut Reader<'_, 'a>,
    pool: &Block<'_, 'a>,
    name: &str,
    nsgs: &[String],
    subnets: &BTreeMap<usize, String>,
) -> Option<Vec<usize>> {
    spell(pool.owner.values, SCALABLE_WORKLOAD)?;
    if !is_hidden(pool, name, "primary_subnet_id") {
        return None;
    }
    let resolver = reader.resolver;
    let is_secure = tag(pool.owner, NEEDS_TAG).is_some_and(|text| text.split(' ').any(|word| word == "secure"));
    let tier = if is_secure { compute::SECURE_INSTANCE.tier } else { compute::INSTANCE.tier };
    let mut all = resolver.inventory.of_kind("oci_core_network_security_group");
    let (_, nsg) = all.find(|(_, nsg)| nsgs.iter().any(|address| address == nsg.address))?;
    let home = resolver.vcn_of(nsg)?;
    let vcn = |subnet: usize| resolver.inventory.instance(subnet).and_then(|subnet| resolver.vcn_of(subnet));
    let of_tier = subnets.iter().filter(|(_, name)| contract::is_tier_group(name, tier));
    let found: Vec<_> = of_tier.filter(|(at, _)| vcn(**at) == Some(home)).map(|(at, _)| *at).collect();
    // The tags say that it did: this is no guess.
    let why = "a plan's JSON leaves out the expressions of a `dynamic` block; as cloudspells generates pools, their instances are assumed to be in the subnet of their tier";
    reader.note_as(pool, name, why, May::Nothing);
    (!found.is_empty()).then_some(found)
}

/// Whether a plan's JSON leaves out what an attribute is in blocks of a name, as
/// it does of `dynamic` ones.
pub fn is_hidden(block: &Block<'_, '_>, name: &str, attribute: &str) -> bool {
    match block.blocks(name) {
        Blocks::Unknown => true,
        Blocks::Odd(_) => false,
        Blocks::Known(blocks) => {
            let is_left_out =
                |one: &Block<'_, '_>| one.get(attribute) == Attribute::Unknown && matches!(one.source, Source::Hidden);
            blocks.iter().any(is_left_out)
        }
    }
}

/// The address of an instance's block: without the index at its end.
fn own_block(address: &str) -> &str {
    match address.rsplit_once('[') {
        Some((block, index)) if index.ends_with(']') && !index.contains('.') => block,
        _ => address,
    }
}
