//! Compute shapes that Oracle names: Oracle, "Compute Shapes" (read in November
//! 2026; from memory of that page where `search` had no copy of it). What is not
//! here may be newer, so that nothing is refused for it.

/// What a Flex shape may be given at most.
pub struct Family {
    /// What its names begin with.
    pub prefix: &'static str,
    pub ocpus: u64,
    pub memory_gb: u64,
}

/// Oracle widens these: they are worth a warning, no more.
#[rustfmt::skip]
pub const FAMILIES: &[Family] = &[
    Family { prefix: "VM.Standard.A1.", ocpus:  76, memory_gb:  472 },
    Family { prefix: "VM.Standard.E4.", ocpus: 114, memory_gb: 1760 },
    Family { prefix: "VM.Standard.E5.", ocpus: 126, memory_gb: 2098 },
    Family { prefix: "VM.Standard.E6.", ocpus: 126, memory_gb: 1454 },
];

/// The date of these facts, as messages say it.
pub const AS_OF: &str = "November 2026";

/// Names of shapes, for the nearest to one that is misspelt.
#[rustfmt::skip]
pub const KNOWN: &[&str] = &[
    "VM.Standard.A1.Flex", "VM.Standard.A2.Flex", "VM.Standard.A4.Flex",
    "VM.Standard.E2.1.Micro", "VM.Standard.E2.1", "VM.Standard.E2.2", "VM.Standard.E2.4", "VM.Standard.E2.8",
    "VM.Standard.E3.Flex", "VM.Standard.E4.Flex", "VM.Standard.E5.Flex", "VM.Standard.E6.Flex",
    "VM.Standard3.Flex", "VM.Optimized3.Flex",
    "VM.Standard1.1", "VM.Standard1.2", "VM.Standard1.4", "VM.Standard1.8", "VM.Standard1.16",
    "VM.Standard.B1.1", "VM.Standard.B1.2", "VM.Standard.B1.4", "VM.Standard.B1.8", "VM.Standard.B1.16",
    "VM.Standard2.1", "VM.Standard2.2", "VM.Standard2.4", "VM.Standard2.8", "VM.Standard2.16", "VM.Standard2.24",
    "VM.DenseIO1.4", "VM.DenseIO1.8", "VM.DenseIO1.16", "VM.DenseIO2.8", "VM.DenseIO2.16", "VM.DenseIO2.24",
    "VM.DenseIO.E4.Flex", "VM.DenseIO.E5.Flex",
    "VM.GPU2.1", "VM.GPU3.1", "VM.GPU3.2", "VM.GPU3.4", "VM.GPU.A10.1", "VM.GPU.A10.2",
    "BM.Standard.A1.160", "BM.Standard.A4.48", "BM.Standard1.36", "BM.Standard.B1.44", "BM.Standard2.52",
    "BM.Standard3.64", "BM.Standard.E2.64", "BM.Standard.E3.128", "BM.Standard.E4.128", "BM.Standard.E5.192",
    "BM.Standard.E6.256", "BM.Optimized3.36", "BM.HPC2.36", "BM.HPC.E5.144",
    "BM.DenseIO1.36", "BM.DenseIO2.52", "BM.DenseIO.E4.128", "BM.DenseIO.E5.128",
    "BM.GPU2.2", "BM.GPU3.8", "BM.GPU4.8", "BM.GPU.A10.4", "BM.GPU.A100-v2.8", "BM.GPU.B4.8", "BM.GPU.H100.8",
    "BM.GPU.H200.8", "BM.GPU.L40S.4", "BM.GPU.B200.8", "BM.GPU.GB200.4", "BM.GPU.MI300X.8",
];
