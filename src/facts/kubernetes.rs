//! Kubernetes versions. The tests' simulator includes this file.

/// The versions that OKE offers, oldest first. Three minors, and a fourth for at
/// least 30 days after a new one came: Oracle, "Supported Versions of Kubernetes";
/// the patches are those that Oracle's own stack for HPC offered in August 2026.
pub const OFFERED: [&str; 3] = ["v1.34.2", "v1.35.2", "v1.36.1"];

/// The version of the built-in default stack and of examples in messages:
/// neither the newest nor the next to be dropped.
pub const SENSIBLE: &str = "v1.35.2";
