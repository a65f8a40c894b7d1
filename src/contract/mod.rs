//! What generated stacks promise and audits rely on: tags, display names,
//! names of groups, roles. Whoever changes one of these words changes it for
//! both, and for the stacks that exist.

pub mod compute;
pub mod oke;

use crate::role::Role;
use crate::tier::Tier;

/// Which kind of spell generated a resource, as its tag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpellType(pub &'static str);

pub const VCN: SpellType = SpellType("vcn");
pub const OKE_CLUSTER: SpellType = SpellType("oke-cluster");
pub const COMPUTE_INSTANCE: SpellType = SpellType("compute-instance");
pub const SCALABLE_WORKLOAD: SpellType = SpellType("scalable-workload");

/// The tag of what was asked for more than its kind's first flows, as far as
/// those depend on it: of a cluster in the form of `tcp_443 udp_53 webhooks`, of
/// a workload in that of `listener_443 backend_8080`.
pub const NEEDS_TAG: &str = "spell-needs";

/// The tag that tells a subnet's tier.
pub const TIER_TAG: &str = "tier";

const MANAGED_BY: (&str, &str) = ("managed-by", "cloudspells");
const SPELL_TYPE: &str = "spell-type";
const SPELL_NAME: &str = "spell-name";

/// The free-form tags of every resource that can have some.
pub fn tags(spell_type: SpellType, name: &str) -> [(&'static str, &str); 3] {
    [MANAGED_BY, (SPELL_TYPE, spell_type.0), (SPELL_NAME, name)]
}

/// The name of the spell that generated a resource, by its tags, if it is of
/// that type.
pub fn spell_name<'a>(tag: impl Fn(&str) -> Option<&'a str>, spell_type: SpellType) -> Option<&'a str> {
    let is_ours = tag(MANAGED_BY.0) == Some(MANAGED_BY.1) && tag(SPELL_TYPE) == Some(spell_type.0);
    is_ours.then(|| tag(SPELL_NAME)).flatten()
}

/// The display name of a role's NSG: `k8s-lb-nsg`.
pub fn nsg_display_name(owner: &str, role: &Role) -> String {
    format!("{owner}-{}-nsg", role.word.replace('_', "-"))
}

/// The name of a role's VNICs in a proof: `k8s.worker`.
pub fn role_group(owner: &str, role: &Role) -> String {
    format!("{owner}.{}", role.word)
}

/// The name of all other VNICs of a tier's subnet in a proof: `lab.private`.
pub fn tier_group(vcn: &str, tier: &str) -> String {
    format!("{vcn}.{tier}")
}

/// Whether a group's name is one that [`tier_group`] gives, with or without
/// modules in front.
pub fn is_tier_group(group: &str, tier: Tier) -> bool {
    group.rsplit_once('.').is_some_and(|(_, word)| word == tier.word())
}
