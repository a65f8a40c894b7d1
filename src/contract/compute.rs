//! The roles of instances: by themselves (`compute_instance`), and of a pool
//! behind a load balancer (`scalable_workload`). A role in another tier than its
//! own, or with public addresses, is another role of the same word.

use crate::role::Role;
use crate::tier::Tier;

/// The tag that tells an instance's role.
pub const ROLE_TAG: &str = "spell-role";

const PURPOSE: &str = "on the instances";

const INNER_EDGE: Role =
    Role { word: "edge", vnics: "edge instances", purpose: PURPOSE, tier: Tier::Public, public_ip: false };

const PRIVATE_APPLICATION: Role = Role {
    word: "application",
    vnics: "application instances",
    purpose: PURPOSE,
    tier: Tier::Private,
    public_ip: false,
};

const PRIVATE_CACHE: Role =
    Role { word: "cache", vnics: "cache instances", purpose: PURPOSE, tier: Tier::Private, public_ip: false };

pub static EDGE: Role = INNER_EDGE;
pub static PUBLIC_EDGE: Role = Role { public_ip: true, ..INNER_EDGE };
pub static APPLICATION: Role = PRIVATE_APPLICATION;
pub static OUTER_APPLICATION: Role = Role { tier: Tier::Public, ..PRIVATE_APPLICATION };
pub static PUBLIC_APPLICATION: Role = Role { tier: Tier::Public, public_ip: true, ..PRIVATE_APPLICATION };
pub static CACHE: Role = PRIVATE_CACHE;
pub static SECURE_CACHE: Role = Role { tier: Tier::Secure, ..PRIVATE_CACHE };
pub static DATABASE: Role =
    Role { word: "database", vnics: "databases", purpose: PURPOSE, tier: Tier::Secure, public_ip: false };
pub static MANAGEMENT: Role = Role {
    word: "management",
    vnics: "management instances",
    purpose: PURPOSE,
    tier: Tier::Management,
    public_ip: false,
};

/// What a `compute_instance` may be. Of each word its own tier comes first.
pub static INSTANCES: [&Role; 9] = [
    &EDGE,
    &PUBLIC_EDGE,
    &APPLICATION,
    &OUTER_APPLICATION,
    &PUBLIC_APPLICATION,
    &CACHE,
    &SECURE_CACHE,
    &DATABASE,
    &MANAGEMENT,
];

/// The role of a word in a tier. Somewhere else than where it may be, it is as it
/// should be.
pub fn instance(word: &str, tier: Option<Tier>, public_ip: bool) -> Option<&'static Role> {
    let mut of_word = INSTANCES.into_iter().filter(|role| role.word == word);
    let here = of_word.clone().find(|role| Some(role.tier) == tier && role.public_ip == public_ip);
    here.or_else(|| of_word.next())
}

const PUBLIC_LB: Role =
    Role { word: "lb", vnics: "load balancers", purpose: "on the load balancer", tier: Tier::Public, public_ip: true };

const POOLED: Role = Role {
    word: "instance",
    vnics: "pooled instances",
    purpose: "on the instances of the pool",
    tier: Tier::Private,
    public_ip: false,
};

/// The load balancer of a `scalable_workload`.
pub static LB: Role = PUBLIC_LB;
/// One without a public address.
pub static INTERNAL_LB: Role = Role { tier: Tier::Private, public_ip: false, ..PUBLIC_LB };
/// The instances behind it.
pub static INSTANCE: Role = POOLED;
pub static SECURE_INSTANCE: Role = Role { tier: Tier::Secure, ..POOLED };
