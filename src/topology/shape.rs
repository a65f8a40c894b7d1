//! Compute shapes: what a Flex shape may be given, and how many pods a node of
//! it carries. Knows no spec.

use crate::facts::images::{self, Build};
use crate::facts::limits::{PODS_PER_NODE, PODS_PER_VNIC};
use crate::facts::shapes;

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

    pub fn is_bare_metal(&self) -> bool {
        self.0.starts_with("BM.")
    }

    /// Most OCPUs, and most GB of memory, as far as they are known.
    pub fn maxima(&self) -> Option<(u64, u64)> {
        shapes::FAMILIES
            .iter()
            .find(|family| self.is_flexible() && self.0.starts_with(family.prefix))
            .map(|family| (family.ocpus, family.memory_gb))
    }

    /// Whether Oracle's list of shapes has it.
    pub fn is_known(&self) -> bool {
        shapes::KNOWN.contains(&self.0.as_str())
    }

    /// What an image must be built for to run on it: Arm for A1, A2, A4 and
    /// Grace, x86 for the rest; with drivers where there are GPUs.
    pub fn build(&self) -> Build {
        let words = || self.0.split('.').skip(1);
        let gpu = words().any(|word| word.starts_with("GPU"));
        let is_ampere = |word: &str| matches!(word.as_bytes(), [b'A', digit] if digit.is_ascii_digit());
        let arm = words().any(|word| if gpu { word.starts_with("GB") } else { is_ampere(word) });
        match (arm, gpu) {
            (false, false) => images::X86,
            (true, false) => images::ARM,
            (false, true) => images::GPU,
            (true, true) => images::ARM_GPU,
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_for_the_processor_of_the_shape() {
        for (name, build) in [
            ("VM.Standard.A1.Flex", images::ARM),
            ("BM.Standard.A4.48", images::ARM),
            ("VM.Standard.E5.Flex", images::X86),
            ("VM.Standard2.4", images::X86),
            ("VM.GPU.A10.1", images::GPU),
            ("BM.GPU4.8", images::GPU),
            ("BM.GPU.A100-v2.8", images::GPU),
            ("BM.GPU.GB200.4", images::ARM_GPU),
        ] {
            assert_eq!(Shape(name.to_owned()).build(), build, "{name}");
        }
    }
}
