//! The rules of a workload's NSGs. Where a port is not there, neither is its row; clients of an internal load balancer are in the VCN.

use super::tables::*;

pub const LB_INGRESS: &[Entry] = &[
    entry(Listener,     Anywhere, "Clients reach the load balancer"),
    entry(Redirect,     Anywhere, "Clients that are sent on to HTTPS"),
];
pub const LB_EGRESS: &[Entry] = &[
    entry(Backend,      INSTANCE, "Load balancer forwards requests to the instances"),
    entry(Health,       INSTANCE, "Load balancer checks the health of the instances"),
];
pub const INSTANCE_INGRESS: &[Entry] = &[
    entry(Served,       LB,       "Load balancer forwards requests to the instances"),
    entry(Health,       LB,       "Load balancer checks the health of the instances"),
    entry(Kept,         Anywhere, "Clients, whose addresses the network load balancer keeps"),
];
pub const INSTANCE_EGRESS: &[Entry] = &[
    entry(Always(443),  Services, "Instances reach OCI services (monitoring, object storage, updates)"),
    entry(Outside(443), Anywhere, "Instances call external APIs and download packages via HTTPS"),
    entry(Outside(80),  Anywhere, "Instances download packages via HTTP"),
];
