//! Whether the addresses that spells ask for fit the tiers of their VCN. Knows
//! no spell: each brings its own words.

use crate::diagnostic::{At, Diagnostic, Diagnostics, Span};
use crate::facts::limits;
use crate::name::Name;
use crate::tier::Tier;
use ipnet::Ipv4Net;

/// Addresses of a tier that a spell will use at its fullest.
#[derive(Debug)]
pub struct Demand {
    pub span: Span,
    pub tier: Tier,
    pub addresses: u64,
    /// How they come to be so many.
    pub sum: String,
    pub words: &'static Words,
}

/// What a message about demands of one kind says.
#[derive(Debug)]
pub struct Words {
    /// What does not fit: "the node pools".
    pub what: &'static str,
    /// What needs an address: "nodes and pods".
    pub users: &'static str,
    /// What can be lowered: attributes.
    pub lower: &'static str,
}

/// Judges the demands of one VCN, each tier for itself.
pub fn check<'a>(
    name: &At<Name>,
    vcn: Ipv4Net,
    demands: impl Iterator<Item = &'a Demand> + Clone,
    diagnostics: &mut Diagnostics,
) {
    for tier in Tier::EVERY {
        let of_tier = demands.clone().filter(|demand| demand.tier == tier && demand.addresses > 0);
        check_tier(name, vcn, tier, of_tier.collect(), diagnostics);
    }
}

fn check_tier(name: &At<Name>, vcn: Ipv4Net, tier: Tier, mut demands: Vec<&Demand>, diagnostics: &mut Diagnostics) {
    let needed = demands.iter().fold(0_u64, |sum, demand| sum.saturating_add(demand.addresses));
    let usable = |vcn| {
        let subnet = tier.subnet_of(vcn);
        (1_u64 << (32 - subnet.prefix_len())).saturating_sub(limits::RESERVED_ADDRESSES)
    };
    let share = u128::from(limits::CAPACITY_WARNING_PERCENT);
    let is_tight = |available: u64| u128::from(needed) * 100 > u128::from(available) * share;
    let available = usable(vcn);
    demands.sort_by_key(|demand| std::cmp::Reverse(demand.addresses));
    let Some((largest, others)) = demands.split_first() else { return };
    if needed <= available && !is_tight(available) {
        return;
    }
    let Words { what, users, lower } = largest.words;
    let subnet = format!("the {} subnet of vcn \"{}\" ({})", tier.word(), name.value, tier.subnet_of(vcn));
    let addresses = format!("{users} need {needed} addresses, it has {available}");
    let span = largest.span.clone();
    let diagnostic = if needed > available {
        Diagnostic::error(span, format!("{what} do not fit {subnet}: {addresses}"))
    } else {
        Diagnostic::warning(span, format!("{what} nearly fill {subnet}: {addresses}"))
    };
    let mut diagnostic = diagnostic.label(&largest.sum).related(name.span.clone(), format!("the VCN is {vcn}"));
    for demand in others {
        diagnostic = diagnostic.related(demand.span.clone(), &demand.sum);
    }
    let roomy = limits::VCN_PREFIXES
        .rev()
        .find(|prefix| Ipv4Net::new(vcn.network(), *prefix).is_ok_and(|vcn| !is_tight(usable(vcn))));
    diagnostics.push(diagnostic.help(match roomy {
        Some(prefix) => format!("a VCN of /{prefix} has the room; or lower {lower}"),
        None => format!("no VCN has that room: lower {lower}, or take several VCNs"),
    }));
}
