//! The flows of a VCN's tiers. Each is asked for as long as the tier's security list has the rule that it was written for: the strict profile takes some away.

use crate::requirement::table::*;
use crate::rule::table::*;

pub const FLOWS: &[(Requirement, Peer)] = &[
    (flow(PRIVATE,    Anywhere, ALL, REFERENCE, Required, "the tier reaches the internet through the NAT Gateway"),        Anywhere),
    (flow(PRIVATE,    Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
    (flow(PRIVATE,    SECURE,   TCP, REFERENCE, Required, "applications in the private subnet reach data"),                Anywhere),
    (flow(SECURE,     Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
    (flow(MANAGEMENT, Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
];
