//! The rules of each role's NSG, by themselves enough where the network is strict. Who else reaches instances, or is reached by them, the spec says.

use crate::rule::table::*;

pub const EDGE_INGRESS: &[Row] = &[
    row(tcp(443),  Anywhere,   "Clients reach the edge on HTTPS"),
    row(tcp(80),   Anywhere,   "Clients reach the edge on HTTP"),
];
pub const EDGE_EGRESS: &[Row] = &[
    row(tcp(443),  Anywhere,   "Edge calls external APIs via HTTPS"),
    row(tcp(80),   Anywhere,   "Edge calls external HTTP endpoints"),
    row(tcp(443),  Services,   "Instances reach OCI services (packages, object storage, monitoring)"),
];
pub const APPLICATION_INGRESS: &[Row] = &[];
pub const APPLICATION_EGRESS: &[Row] = &[
    row(tcp(443),  Anywhere,   "Applications call external APIs via HTTPS"),
    row(tcp(80),   Anywhere,   "Applications call external HTTP endpoints"),
    row(tcp(443),  Services,   "Instances reach OCI services (packages, object storage, monitoring)"),
];
pub const CACHE_INGRESS: &[Row] = &[];
pub const CACHE_EGRESS: &[Row] = &[
    row(tcp(443),  Services,   "Instances reach OCI services (packages, object storage, monitoring)"),
];
pub const DATABASE_INGRESS: &[Row] = &[];
pub const DATABASE_EGRESS: &[Row] = &[
    row(tcp(443),  Services,   "Instances reach OCI services (packages, backups, monitoring)"),
];
pub const MANAGEMENT_INGRESS: &[Row] = &[
    row(tcp(22),   MANAGEMENT, "Sessions of OCI Bastion, whose private endpoints are in the management subnet"),
];
pub const MANAGEMENT_EGRESS: &[Row] = &[
    row(tcp(22),   Vcn,        "SSH to what admits it"),
    row(tcp(443),  Services,   "Instances reach OCI services (packages, object storage, monitoring)"),
];
