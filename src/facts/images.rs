//! OKE's images for nodes, by name. The tests' simulator includes this file.
//!
//! A name is `Oracle-Linux-8.10-aarch64-2026.08.31-0-OKE-1.35.2-1330`: operating
//! system, what it is built for, date, build, Kubernetes version, build of OKE.
//! Seen in `sources` of the provider's `oci_containerengine_node_pool_option`;
//! Oracle, "OKE Worker Node Images".

/// What an image is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Build {
    /// As a person says it.
    pub what: &'static str,
    /// As `node_pool_os_arch` says it.
    pub architecture: &'static str,
    /// What stands in a name between operating system and date, as a regular
    /// expression.
    pub pattern: &'static str,
    /// An example of that.
    pub example: &'static str,
}

pub const X86: Build = Build { what: "x86", architecture: "X86_64", pattern: "", example: "" };
pub const ARM: Build = Build { what: "Arm", architecture: "AARCH64", pattern: "aarch64-", example: "aarch64-" };
pub const GPU: Build =
    Build { what: "x86 with GPUs", architecture: "X86_64", pattern: "(?:Gen2-)?GPU-", example: "Gen2-GPU-" };
/// Grace processors beside GPUs. No such name was seen; both words in either
/// order are taken.
pub const ARM_GPU: Build = Build {
    what: "Arm with GPUs",
    architecture: "AARCH64",
    pattern: "(?:aarch64-(?:Gen2-)?GPU-|(?:Gen2-)?GPU-aarch64-)",
    example: "aarch64-Gen2-GPU-",
};

/// The operating system of all of OKE's images, as a spec says it.
pub const OPERATING_SYSTEM: &str = "Oracle Linux";

/// Its major versions: OKE has, or had, images of all but the last (Oracle, "All
/// OKE Worker Node Oracle Linux 9.x Images" and its sisters), and of that one OCI
/// has ("All Oracle Linux 10.x Images").
pub const MAJORS: [&str; 4] = ["7", "8", "9", "10"];

/// When that was so.
pub const AS_OF: &str = "November 2026";
