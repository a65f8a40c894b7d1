//! The plugins of Oracle Cloud Agent, by the names that published
//! configurations use; the page that lists them ("Managing Plugins with Oracle
//! Cloud Agent") could not be read. New ones come without notice, so that no
//! list of ours decides.

/// When the list was made.
pub const AS_OF: &str = "November 2026";

#[rustfmt::skip]
pub const PLUGINS: [&str; 13] = [
    "Bastion",
    "Block Volume Management",
    "Cloud Guard Workload Protection",
    "Compute HPC RDMA Authentication",
    "Compute HPC RDMA Auto-Configuration",
    "Compute Instance Monitoring",
    "Compute Instance Run Command",
    "Compute RDMA GPU Monitoring",
    "Custom Logs Monitoring",
    "Management Agent",
    "OS Management Hub Agent",
    "Oracle Java Management Service",
    "Vulnerability Scanning",
];
