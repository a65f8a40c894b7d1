//! The rules of every VCN, before any other spell's: one table a tier and direction.

use crate::rule::table::*;

pub const PUBLIC_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
    row(UNREACHABLE,           Vcn,      "Unreachable notices from within the VCN"),
];
pub const PUBLIC_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const PRIVATE_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
];
pub const PRIVATE_EGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
    row(ALL,                   Anywhere, "Everything through the NAT Gateway"),
    row(ALL,                   Services, "OCI services through the Service Gateway"),
];
pub const SECURE_INGRESS: &[Row] = &[
    row(FRAGMENTATION_NEEDED,  Anywhere, "Path MTU discovery"),
    row(TCP,                   PRIVATE,  "Applications in the private subnet reach data"),
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
