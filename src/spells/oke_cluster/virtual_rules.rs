//! What the NSGs of a cluster with virtual nodes have beyond the others': Oracle's page "Example Network Resource Configuration for Cluster with Virtual Nodes". Load balancers reach pods there, not nodes.

use super::roles::*;
use crate::rule::table::*;

pub const API_EGRESS: &[Row] = &[
    row(TCP,                      WORKER,     "Control plane reaches virtual nodes"),
];
pub const LB_EGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  POD,        "Load balancer forwards requests to pods on virtual nodes"),
    row(udp_range(30000, 32767),  POD,        "Network load balancer forwards datagrams to pods on virtual nodes"),
    row(tcp(10256),               POD,        "Load balancer queries the health of pods on virtual nodes"),
];
pub const WORKER_INGRESS: &[Row] = &[
    row(TCP,                      API,        "Control plane reaches virtual nodes"),
];
pub const POD_INGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  LB,         "Load balancer forwards requests to pods on virtual nodes"),
    row(udp_range(30000, 32767),  LB,         "Network load balancer forwards datagrams to pods on virtual nodes"),
    row(tcp(10256),               LB,         "Load balancer queries the health of pods on virtual nodes"),
    row(tcp_range(30000, 32767),  INTERNAL_LB, "Internal load balancer forwards requests to pods on virtual nodes"),
    row(udp_range(30000, 32767),  INTERNAL_LB, "Internal network load balancer forwards datagrams to pods on virtual nodes"),
    row(tcp(10256),               INTERNAL_LB, "Internal load balancer queries the health of pods on virtual nodes"),
];
