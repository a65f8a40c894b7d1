//! Kubernetes versions. The tests' simulator includes this file.

/// The versions that OKE offers, oldest first. Three minors, and a fourth for at
/// least 30 days after a new one came: Oracle, "Supported Versions of Kubernetes";
/// the patches are those that Oracle's own stack for HPC offered in August 2026.
pub const OFFERED: [&str; 3] = ["v1.34.2", "v1.35.2", "v1.36.1"];

/// When that was so.
pub const AS_OF: &str = "August 2026";

/// The version of the built-in default stack and of examples in messages:
/// neither the newest nor the next to be dropped.
pub const SENSIBLE: &str = "v1.35.2";

/// A minor version with all before it that OKE no longer offers for a new
/// cluster, and since when at the latest.
pub struct Gone {
    pub minor: u64,
    pub since: &'static str,
}

/// Newest first. By the rule above: a minor leaves 30 days after the third one
/// that follows it came. 1.32 was not in the stack of August 2026; 1.33 lost its
/// 30 days with 1.36, which was.
#[rustfmt::skip]
pub const GONE: &[Gone] = &[
    Gone { minor: 33, since: "October 2026" },
    Gone { minor: 32, since: "August 2026" },
    // Kubernetes' own end of life of 1.30, after which nobody patches it:
    // kubernetes.io/releases/1.30.
    Gone { minor: 30, since: "July 2025" },
];

/// Minor versions that may have come since [`AS_OF`]: Kubernetes has three a
/// year. What is newer still is a slip of the pen.
pub const MINORS_TO_COME: u64 = 4;

/// How many minor versions the nodes may be behind their control plane: three
/// from 1.28 on, two before. Never ahead of it. Kubernetes, "Version Skew Policy";
/// Oracle, "Kubernetes Versions and Kubernetes Engine".
pub const fn skew(control_plane_minor: u64) -> u64 {
    if control_plane_minor >= 28 { 3 } else { 2 }
}
