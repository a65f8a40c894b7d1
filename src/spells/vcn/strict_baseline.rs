//! The rules of a VCN in which every spell has the strict profile: without those that its NSGs make needless.

use crate::rule::table::*;

pub const PUBLIC_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const PUBLIC_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const PRIVATE_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const PRIVATE_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const SECURE_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const SECURE_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
    row(ALL,                   Services, "OCI services through the Service Gateway"),
];
pub const MANAGEMENT_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const MANAGEMENT_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
    row(ALL,                   Services, "OCI services through the Service Gateway"),
];
