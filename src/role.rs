//! What some VNICs of a stack are for. Holds no role: those stand with the
//! spells that have them.

use crate::tier::Tier;

/// A role of VNICs: one NSG, and a group in a proof for each subnet
/// that they are in. All that is asked of it is
/// said here, so that nobody else lists roles.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role {
    /// As it stands in addresses, display names and groups: `worker`.
    pub word: &'static str,
    /// The VNICs in a sentence: `workers`.
    pub vnics: &'static str,
    /// What its NSG is for, after "the NSG": `on the workers`.
    pub purpose: &'static str,
    /// Where the VNICs are, unless the spec says otherwise.
    pub tier: Tier,
    /// Whether they have public addresses.
    pub public_ip: bool,
}
