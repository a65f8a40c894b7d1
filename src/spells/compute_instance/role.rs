//! Which role instances have: its word, and the tier and address that the spec
//! may choose.

use crate::contract::compute::INSTANCES;
use crate::diagnostic::{At, Diagnostic, listed};
use crate::role::Role;
use crate::topology::Tier;

/// A role by its word, and why it is in these tiers and no others.
pub struct Kind {
    pub word: &'static str,
    why: &'static str,
}

const EDGE: Kind =
    Kind { word: "edge", why: "clients on the internet reach an edge, and only the public tier has a way for them" };
const APPLICATION: Kind =
    Kind { word: "application", why: "an application calls others outside, and from that tier no way leads there" };
const CACHE: Kind =
    Kind { word: "cache", why: "a cache is for what is in the VCN: it stands where applications or data do" };
const DATABASE: Kind = Kind { word: "database", why: "a database reaches no internet, and nothing there reaches it" };
const MANAGEMENT: Kind = Kind {
    word: "management",
    why: "they are reached from the management subnet, where OCI Bastion has its endpoints",
};

pub const WORDS: &[(&str, &Kind)] = &[
    ("edge", &EDGE),
    ("application", &APPLICATION),
    ("cache", &CACHE),
    ("database", &DATABASE),
    ("management", &MANAGEMENT),
];

pub const TIERS: &[(&str, Tier)] =
    &[("public", Tier::Public), ("private", Tier::Private), ("secure", Tier::Secure), ("management", Tier::Management)];

/// The role of a word, in its own tier or in another.
///
/// # Errors
///
/// Where such instances are not to be in that tier, or can't have an address there
/// that is public.
pub fn choose(
    title: &str,
    kind: &Kind,
    tier: Option<&At<Tier>>,
    public_ip: Option<&At<bool>>,
) -> Result<&'static Role, Box<Diagnostic>> {
    let mut of_word = INSTANCES.into_iter().filter(|role| role.word == kind.word);
    let own = of_word.clone().next().map(|role| role.tier);
    let of_tier = |role: &&Role| Some(role.tier) == tier.map(|tier| tier.value).or(own);
    let fitting: Vec<_> = of_word.clone().filter(of_tier).collect();
    if let Some(tier) = tier.filter(|_| fitting.is_empty()) {
        let mut tiers: Vec<_> = of_word.map(|role| role.tier.word()).collect();
        tiers.dedup();
        let (help, word) = (listed(tiers), tier.value.word());
        return Err(Box::new(
            Diagnostic::error(tier.span.clone(), format!("{title} can't be in the {word} tier"))
                .label(kind.why)
                .help(format!("`{}` instances are in these tiers: {help}; or take another `role`", kind.word)),
        ));
    }
    let public = public_ip.is_some_and(|at| at.value);
    if let Some(role) = fitting.iter().find(|role| role.public_ip == public) {
        return Ok(role);
    }
    let tier = fitting.first().map_or("", |role| role.tier.word());
    let span = public_ip.map(|at| at.span.clone()).unwrap_or_default();
    let help = if of_word.any(|role| role.public_ip) {
        "write `tier = \"public\"` beside it; or leave it out, and let something in the public tier receive"
    } else {
        "leave it out, and let something in the public tier receive: `role = \"edge\"`, or a load balancer"
    };
    Err(Box::new(
        Diagnostic::error(span, format!("{title} can't have a public address in the {tier} tier"))
            .label("OCI prohibits them there, and no route leads to them")
            .help(help),
    ))
}
