//! Compute shapes: what a Flex shape may be given, and how many pods a node of
//! it carries. Knows no spec.

use crate::facts::limits::{PODS_PER_NODE, PODS_PER_VNIC};

/// A Flex shape's bounds. Oracle, Compute Shapes.
struct Family {
    prefix: &'static str,
    max_ocpus: u64,
    max_memory_gb: u64,
}

/// The families whose maxima are known; of others only the general bounds
/// are checked.
#[rustfmt::skip]
const FAMILIES: &[Family] = &[
    Family { prefix: "VM.Standard.A1.", max_ocpus:  76, max_memory_gb:  472 },
    Family { prefix: "VM.Standard.E4.", max_ocpus:  64, max_memory_gb: 1024 },
    Family { prefix: "VM.Standard.E5.", max_ocpus: 126, max_memory_gb: 1049 },
    Family { prefix: "VM.Standard.E6.", max_ocpus: 126, max_memory_gb: 1454 },
];

/// Most GB of memory for one OCPU of a Flex shape. Oracle, Flexible Shapes.
pub const MEMORY_PER_OCPU_GB: u64 = 64;

/// Most VNICs of a Flex shape. Oracle, Compute Shapes.
const MOST_VNICS: u64 = 24;

/// A compute shape by name, such as `VM.Standard.A1.Flex`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape(pub String);

impl Shape {
    /// Whether OCPUs and memory are the user's choice.
    pub fn is_flexible(&self) -> bool {
        self.0.ends_with(".Flex")
    }

    /// Most OCPUs, and most GB of memory, where they are known.
    pub fn maxima(&self) -> Option<(u64, u64)> {
        FAMILIES
            .iter()
            .find(|family| self.is_flexible() && self.0.starts_with(family.prefix))
            .map(|family| (family.max_ocpus, family.max_memory_gb))
    }

    /// VNICs of a node, where they are known.
    fn vnics(&self, ocpus: u64) -> Option<u64> {
        if self.0 == "VM.Standard.E2.1.Micro" {
            return Some(1);
        }
        if !self.is_flexible() {
            return None;
        }
        let per_ocpu = if self.0.starts_with("VM.Optimized3.") { 2 } else { 1 };
        Some((ocpus.saturating_mul(per_ocpu)).clamp(2, MOST_VNICS))
    }

    /// Most pods on one node: 31 for each VNIC after the first, at most 110.
    /// Zero means that the shape can't carry pods; an unknown shape is assumed
    /// to carry 110. Oracle, Pod Networking.
    pub fn most_pods(&self, ocpus: u64) -> u64 {
        self.vnics(ocpus).map_or(PODS_PER_NODE, |vnics| (vnics.saturating_sub(1) * PODS_PER_VNIC).min(PODS_PER_NODE))
    }

    /// Pods to plan for where the spec does not say: OKE's default of 31, or
    /// fewer where the shape carries fewer.
    pub fn planned_pods(&self, ocpus: u64) -> u64 {
        self.most_pods(ocpus).min(PODS_PER_VNIC)
    }
}
