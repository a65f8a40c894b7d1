//! The flows of a VCN's tiers. Each is asked for as long as the tier's security list has the rule that it was written for: the strict profile takes some away.

use crate::prove::need::table::*;
use crate::rule::table::*;

pub const FLOWS: &[(Need, Peer)] = &[
    (need(PRIVATE,    Anywhere, ALL, REFERENCE, Required, "the tier reaches the internet through the NAT Gateway"),        Anywhere),
    (need(PRIVATE,    Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
    (need(PRIVATE,    SECURE,   TCP, REFERENCE, Required, "applications in the private subnet reach data"),                Anywhere),
    (need(SECURE,     Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
    (need(MANAGEMENT, Services, ALL, REFERENCE, Required, "the tier reaches OCI services through the Service Gateway"),    Services),
];
