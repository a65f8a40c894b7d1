//! Kubernetes versions: `vX.Y.Z`, and how far apart two may be.

use crate::refusals::{Refusal, UNKNOWN_VERSION};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u64,
    pub minor: u64,
    pub patch: u64,
}

/// The version, where it is one of those that there are.
pub fn known(text: &str, versions: &[String]) -> Result<Version, Refusal> {
    let parse = || {
        let mut numbers = text.strip_prefix('v')?.split('.').map(str::parse);
        let (major, minor, patch) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        numbers.next().is_none().then_some(Version { major, minor, patch })
    };
    parse().filter(|_| versions.iter().any(|known| known == text)).ok_or_else(|| UNKNOWN_VERSION.with(&[text]))
}

/// Whether nodes are too old for their control plane. From 1.28 on three
/// minor versions are allowed, before that two.
pub fn too_old(nodes: Version, control_plane: Version) -> bool {
    let allowed = if control_plane.minor >= 28 { 3 } else { 2 };
    nodes.minor + allowed < control_plane.minor
}
