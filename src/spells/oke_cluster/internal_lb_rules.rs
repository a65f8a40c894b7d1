//! The rules of a cluster's internal load balancers, in both layers, and their flows. The rows of listeners stand in `balancers.rs`: the spec says which there are.

use super::roles::*;
use crate::requirement::table::*;
use crate::rule::table::*;

pub const LB_EGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  WORKER,      "Internal load balancer forwards requests via NodePort"),
    row(udp_range(30000, 32767),  WORKER,      "Internal network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               WORKER,      "Internal load balancer queries kube-proxy health before routing"),
];
pub const WORKER_INGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  INTERNAL_LB, "Internal load balancer forwards requests via NodePort"),
    row(udp_range(30000, 32767),  INTERNAL_LB, "Internal network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               INTERNAL_LB, "Internal load balancer health-checks via kube-proxy"),
];

pub const PRIVATE_INGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  PRIVATE,     "Internal load balancer forwards traffic via NodePort"),
    row(udp_range(30000, 32767),  PRIVATE,     "Internal network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               PRIVATE,     "Internal load balancer health-checks via kube-proxy"),
];
pub const PRIVATE_EGRESS: &[Row] = &[
    row(tcp_range(30000, 32767),  PRIVATE,     "Internal load balancer forwards to worker nodes via NodePort"),
    row(udp_range(30000, 32767),  PRIVATE,     "Internal network load balancer forwards datagrams via NodePort"),
    row(tcp(10256),               PRIVATE,     "Internal load balancer health-checks via kube-proxy"),
];

pub const FLOWS: &[Requirement] = &[
    flow(INTERNAL_LB, WORKER, tcp(10256),              ORACLE, Required, "internal load balancer checks the health of kube-proxy"),
    flow(INTERNAL_LB, WORKER, tcp_range(30000, 32767), ORACLE, Required, "internal load balancer forwards to NodePorts"),
    flow(INTERNAL_LB, WORKER, udp_range(30000, 32767), ORACLE, Required, "internal network load balancer forwards datagrams to NodePorts"),
    flow(INTERNAL_LB, WORKER, udp_range(10256, 10256), ORACLE, Optional, "internal load balancer checks the health of kube-proxy over UDP"),
];
